/** What the deployed program does with what reaches it. */
import { canaryOf, ceilingName, releaseOf } from '../../model/canary/ceiling';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import type { Service } from '../../model/service';
import { insist, type Claim } from '../claim';
import { weighted, type Route } from './shop';
import { STARTED_SECONDS } from './variant';
import { expectHeld, type World } from './world';

/** The canaries that run: each one's weight as committed. */
export function canariesOf(world: World): readonly [Service, Service] {
  const [caller, callee] = ['checkout', 'cart'].map((name) =>
    world.shop.environment.services.find((service) => service.name === name && canaryOf(service)),
  );
  if (caller === undefined || callee === undefined) throw new Error('two canaries are needed');
  return [caller, callee];
}

export function makeClaim(world: World) {
  return (id: string, title: string, prove: () => Promise<string>): Claim => ({
    id: `guard/${id}`,
    title,
    prove: async () => {
      await world.reset();
      return { seen: await prove() };
    },
  });
}

export function workflowClaims(world: World): Claim[] {
  const { shop, gateway } = world;
  const [checkout, cart] = canariesOf(world);
  const claim = makeClaim(world);
  const rollback = (id: string) => ({ service: checkout, action: 'rollback' as const, id });
  const gone = { weights: [0], ceilings: [0] };
  const untouched = { weights: [10], ceilings: [] };
  const put = (route: Route) => shop.terraform.apply(route, { force: true });

  return [
    claim(
      'rolls-back',
      'an incident takes all traffic away: at the gateway first, then in the mesh',
      async () => {
        const { outcome, said } = await world.deliver(rollback('0.a'));
        insist(outcome === 'returned' && said === 'created a ceiling', `${outcome}: ${said}`);
        await expectHeld(world, checkout, gone);
        await expectHeld(world, cart, { weights: [25], ceilings: [] });
        const patched = gateway.requests.filter((request) => request.startsWith('PATCH'));
        insist(
          /checkout-api$/.test(patched[0] ?? '') && /checkout$/.test(patched[1] ?? ''),
          patched.join(', '),
        );
        const name = ceilingName({
          service: 'checkout',
          release: releaseOf(canaryOf(checkout)!),
          incident: '0.a',
        });
        insist(gateway.pipelineRuns.join() === name, gateway.pipelineRuns.join());
        return `${gateway.requests.length} requests`;
      },
    ),
    claim('pauses', 'a pause keeps the weight and lets no plan raise it', async () => {
      await world.deliver({ ...rollback('0.b'), action: 'pause' });
      await expectHeld(world, checkout, { weights: [10], ceilings: [10] });
      return 'held at 10 %';
    }),
    claim('every-rule', 'every rule of every route goes down, reads and writes alike', async () => {
      await world.deliver({ service: cart, action: 'rollback', id: '0.c' });
      await expectHeld(world, cart, gone);
      const rules = shop.committed('cart').flatMap(({ spec }) => spec.http);
      insist(rules.length >= 4, `cart has only ${rules.length} rules`);
      return `${rules.length} rules`;
    }),
    claim('duplicates', 'an incident that comes three times, twice at once, makes one ceiling', async () => {
      await Promise.all([world.deliver(rollback('0.d')), world.deliver(rollback('0.d'))]);
      const { said } = await world.deliver(rollback('0.d'));
      insist(said === 'there was a ceiling', said);
      await expectHeld(world, checkout, gone);
      return 'one ceiling';
    }),
    claim(
      'told-once',
      'the pipeline is started once for a ceiling, however often the guard is called',
      async () => {
        await world.deliver(rollback('0.e'));
        await world.deliver(rollback('0.e'));
        await world.minute();
        insist(gateway.pipelineRuns.length === 1, `started ${gateway.pipelineRuns.length} times`);
        return 'once';
      },
    ),
    claim('closed', 'an incident that is over does nothing', async () => {
      const { said } = await world.deliver({ ...rollback('0.f'), state: 'closed' });
      await expectHeld(world, checkout, untouched);
      return said;
    }),
    claim(
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
    claim('older', 'an incident from before the release is not its own', async () => {
      const { said } = await world.deliver({ ...rollback('0.h'), startedAt: STARTED_SECONDS - 1 });
      await expectHeld(world, checkout, untouched);
      return said;
    }),
    claim('foreign', 'an alert of somebody else is left alone', async () => {
      const data = Buffer.from(JSON.stringify({ incident: { state: 'open' } })).toString('base64');
      const { outcome, said } = await world.call({ data: { message: { data } } });
      insist(outcome === 'returned' && said.startsWith('ignored'), `${outcome}: ${said}`);
      return said;
    }),
    claim('no-canary', 'an incident of a service without a canary does nothing', async () => {
      const neighbour = { ...checkout, name: 'gift-cards' };
      const { said } = await world.deliver({ ...rollback('0.i'), service: neighbour });
      insist(said === 'ignored: the service has no canary', said);
      await expectHeld(world, checkout, untouched);
      return said;
    }),
    claim('no-rights', 'an incident of a namespace without canaries cannot even be looked into', async () => {
      const service = { ...checkout, name: 'payment', namespace: 'payments' };
      const { outcome, said } = await world.deliver({ ...rollback('0.i'), service });
      insist(outcome === 'failed' && /403/.test(said), `${outcome}: ${said}`);
      await expectHeld(world, checkout, untouched);
      return 'refused by the API server';
    }),
    claim(
      'acknowledged',
      'an acknowledged incident that comes again is void; the next one is not',
      async () => {
        await world.deliver(rollback('0.j'));
        for (const route of shop.committed('checkout')) await put(acknowledging(weighted(route, 25), '0.j'));
        await world.deliver(rollback('0.j'));
        await world.minute();
        await expectHeld(world, checkout, { weights: [25], ceilings: [0] });
        await world.deliver(rollback('0.k'));
        await expectHeld(world, checkout, { weights: [0], ceilings: [0, 0] });
        return 'void, then held';
      },
    ),
    claim('clock', 'the minute alone brings down what a ceiling forbids', async () => {
      await world.shop.write({
        ...{ service: 'checkout', host: canaryOf(checkout)?.host ?? '', action: 'rollback', incident: '0.l' },
        release: shop.committed('checkout')[0]?.metadata.annotations?.[SPLIT_ANNOTATIONS.release] ?? '',
        ...{ maximumWeightPercent: 0, time: '2026-01-15T12:01:00Z' },
      });
      await world.minute();
      await expectHeld(world, checkout, gone);
      return 'lowered';
    }),
    claim('several', 'two canaries fall at once, one of them called by the other', async () => {
      await Promise.all([
        world.deliver(rollback('0.m')),
        world.deliver({ service: cart, action: 'pause', id: '0.n' }),
        world.minute(),
      ]);
      await expectHeld(world, checkout, gone);
      await expectHeld(world, cart, { weights: [25], ceilings: [25] });
      return 'each at its own ceiling';
    }),
    claim('unavailable', 'an API that answers 503 is asked again', async () => {
      gateway.decideBy((place) => (place % 2 === 0 ? 'unavailable' : 'pass'));
      const { outcome } = await world.deliver(rollback('0.o'));
      insist(outcome === 'returned', outcome);
      await expectHeld(world, checkout, gone);
      return `${gateway.requests.length} requests`;
    }),
    claim('moved', 'a route that changes between read and write is not mistaken for another', async () => {
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
      insist(first.outcome === 'failed' && turns === 1, `${first.outcome} after ${turns} writes`);
      const weights = (await shop.weights('checkout')).join();
      insist(weights === '0', `the weights are ${weights}`);
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
