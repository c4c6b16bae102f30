/** What the deployed program does with what reaches it. */
import { canaryVersion, weightCapName, releaseOf } from '../../model/canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import type { Service } from '../../model/service';
import { assertThat, type LabTest } from '../support/lab-test';
import { weighted, type Route } from './shop';
import { STARTED_SECONDS } from './variant';
import { expectHeld, type World } from './world';

/** The canaries that run: each one's weight as committed. */
export function canariesOf(world: World): readonly [Service, Service] {
  const [caller, callee] = ['checkout', 'cart'].map((name) =>
    world.shop.environment.services.find((service) => service.name === name && canaryVersion(service)),
  );
  if (caller === undefined || callee === undefined) throw new Error('two canaries are needed');
  return [caller, callee];
}

export function makeTest(world: World) {
  return (id: string, title: string, prove: () => Promise<string>): LabTest => ({
    id: `guard/${id}`,
    title,
    run: async () => {
      await world.reset();
      return { seen: await prove() };
    },
  });
}

export function workflowTests(world: World): LabTest[] {
  const { shop, gateway } = world;
  const [checkout, cart] = canariesOf(world);
  const labTest = makeTest(world);
  const rollback = (id: string) => ({ service: checkout, action: 'rollback' as const, id });
  const gone = { weights: [0], weightCaps: [0] };
  const untouched = { weights: [10], weightCaps: [] };
  const put = (route: Route) => shop.terraform.apply(route, { force: true });

  return [
    labTest(
      'rolls-back',
      'an incident takes all traffic away: at the gateway first, then in the mesh',
      async () => {
        const { outcome, message } = await world.deliver(rollback('0.a'));
        assertThat(outcome === 'returned' && message === 'created a ceiling', `${outcome}: ${message}`);
        await expectHeld(world, checkout, gone);
        await expectHeld(world, cart, { weights: [25], weightCaps: [] });
        const patched = gateway.requests.filter((request) => request.startsWith('PATCH'));
        assertThat(
          /checkout-api$/.test(patched[0] ?? '') && /checkout$/.test(patched[1] ?? ''),
          patched.join(', '),
        );
        const name = weightCapName({
          service: 'checkout',
          release: releaseOf(canaryVersion(checkout)!),
          incident: '0.a',
        });
        assertThat(gateway.pipelineRuns.join() === name, gateway.pipelineRuns.join());
        return `${gateway.requests.length} requests`;
      },
    ),
    labTest('pauses', 'a pause keeps the weight and lets no plan raise it', async () => {
      await world.deliver({ ...rollback('0.b'), action: 'pause' });
      await expectHeld(world, checkout, { weights: [10], weightCaps: [10] });
      return 'held at 10 %';
    }),
    labTest('every-rule', 'every rule of every route goes down, reads and writes alike', async () => {
      await world.deliver({ service: cart, action: 'rollback', id: '0.c' });
      await expectHeld(world, cart, gone);
      const rules = shop.committed('cart').flatMap(({ spec }) => spec.http);
      assertThat(rules.length >= 4, `cart has only ${rules.length} rules`);
      return `${rules.length} rules`;
    }),
    labTest(
      'duplicates',
      'an incident that comes three times, twice at once, makes one ceiling',
      async () => {
        await Promise.all([world.deliver(rollback('0.d')), world.deliver(rollback('0.d'))]);
        const { message } = await world.deliver(rollback('0.d'));
        assertThat(message === 'there was a ceiling', message);
        await expectHeld(world, checkout, gone);
        return 'one ceiling';
      },
    ),
    labTest(
      'told-once',
      'the pipeline is started once for a ceiling, however often the guard is called',
      async () => {
        await world.deliver(rollback('0.e'));
        await world.deliver(rollback('0.e'));
        await world.minute();
        assertThat(gateway.pipelineRuns.length === 1, `started ${gateway.pipelineRuns.length} times`);
        return 'once';
      },
    ),
    labTest('closed', 'an incident that is over does nothing', async () => {
      const { message } = await world.deliver({ ...rollback('0.f'), state: 'closed' });
      await expectHeld(world, checkout, untouched);
      return message;
    }),
    labTest(
      'out-of-order',
      'opened after closed holds the canary; closed after opened does not let it go',
      async () => {
        await world.deliver({ ...rollback('0.g'), state: 'closed' });
        await world.deliver(rollback('0.g'));
        await expectHeld(world, checkout, gone);
        await world.deliver({ ...rollback('0.g'), state: 'closed' });
        await world.minute();
        await expectHeld(world, checkout, gone);
        return 'held either way';
      },
    ),
    labTest('older', 'an incident from before the release is not its own', async () => {
      const { message } = await world.deliver({ ...rollback('0.h'), startedAt: STARTED_SECONDS - 1 });
      await expectHeld(world, checkout, untouched);
      return message;
    }),
    labTest('foreign', 'an alert of somebody else is left alone', async () => {
      const data = Buffer.from(JSON.stringify({ incident: { state: 'open' } })).toString('base64');
      const { outcome, message } = await world.call({ data: { message: { data } } });
      assertThat(outcome === 'returned' && message.startsWith('ignored'), `${outcome}: ${message}`);
      return message;
    }),
    labTest('no-canary', 'an incident of a service without a canary does nothing', async () => {
      const neighbour = { ...checkout, name: 'gift-cards' };
      const { message } = await world.deliver({ ...rollback('0.i'), service: neighbour });
      assertThat(message === 'ignored: the service has no canary', message);
      await expectHeld(world, checkout, untouched);
      return message;
    }),
    labTest(
      'no-rights',
      'an incident of a namespace without canaries cannot even be looked into',
      async () => {
        const service = { ...checkout, name: 'payment', namespace: 'payments' };
        const { outcome, message } = await world.deliver({ ...rollback('0.i'), service });
        assertThat(outcome === 'failed' && /403/.test(message), `${outcome}: ${message}`);
        await expectHeld(world, checkout, untouched);
        return 'refused by the API server';
      },
    ),
    labTest(
      'acknowledged',
      'an acknowledged incident that comes again is void; the next one is not',
      async () => {
        await world.deliver(rollback('0.j'));
        for (const route of shop.committed('checkout')) await put(acknowledging(weighted(route, 25), '0.j'));
        await world.deliver(rollback('0.j'));
        await world.minute();
        await expectHeld(world, checkout, { weights: [25], weightCaps: [0] });
        await world.deliver(rollback('0.k'));
        await expectHeld(world, checkout, { weights: [0], weightCaps: [0, 0] });
        return 'void, then held';
      },
    ),
    labTest('clock', 'the minute alone brings down what a ceiling forbids', async () => {
      await world.shop.write({
        ...{
          service: 'checkout',
          host: canaryVersion(checkout)?.host ?? '',
          action: 'rollback',
          incident: '0.l',
        },
        release: shop.committed('checkout')[0]?.metadata.annotations?.[SPLIT_ANNOTATIONS.release] ?? '',
        ...{ maximumWeightPercent: 0, time: '2026-01-15T12:01:00Z' },
      });
      await world.minute();
      await expectHeld(world, checkout, gone);
      return 'lowered';
    }),
    labTest('several', 'two canaries fall at once, one of them called by the other', async () => {
      await Promise.all([
        world.deliver(rollback('0.m')),
        world.deliver({ service: cart, action: 'pause', id: '0.n' }),
        world.minute(),
      ]);
      await expectHeld(world, checkout, gone);
      await expectHeld(world, cart, { weights: [25], weightCaps: [25] });
      return 'each at its own ceiling';
    }),
    labTest('unavailable', 'an API that answers 503 is asked again', async () => {
      gateway.decideBy((place) => (place % 2 === 0 ? 'unavailable' : 'pass'));
      const { outcome } = await world.deliver(rollback('0.o'));
      assertThat(outcome === 'returned', outcome);
      await expectHeld(world, checkout, gone);
      return `${gateway.requests.length} requests`;
    }),
    labTest('moved', 'a route that changes between read and write is not mistaken for another', async () => {
      const [route] = shop.committed('checkout').filter(({ spec }) => spec.gateways.includes('mesh'));
      // The ceiling is there by then: only a route without traffic to the canary can still be written.
      const turned = route && turnedAround(weighted(route, 0));
      let turns = 0;
      gateway.decideBy(async (_, request) => {
        if (turned && request.startsWith('PATCH') && request.endsWith('/checkout') && (turns += 1) === 1)
          await put(turned);
        return 'pass' as const;
      });
      const first = await world.deliver(rollback('0.p'));
      assertThat(first.outcome === 'failed' && turns === 1, `${first.outcome} after ${turns} writes`);
      const weights = (await shop.weights('checkout')).join();
      assertThat(weights === '0', `the weights are ${weights}`);
      await world.minute();
      await expectHeld(world, checkout, gone);
      return 'failed once, then nothing was left to lower';
    }),
  ];
}

function acknowledging(route: Route, incident: string): Route {
  const annotations = { ...route.metadata.annotations, [SPLIT_ANNOTATIONS.acknowledged]: incident };
  return { ...route, metadata: { ...route.metadata, annotations } };
}

function turnedAround(route: Route): Route {
  const http = route.spec.http.map((rule) => ({ ...rule, route: [...rule.route].reverse() }));
  return { ...route, spec: { ...route.spec, http } };
}
