/** What the deployed workflow does with notifications and scheduled runs. */
import { canaryVersion, weightCapName, releaseOf } from '../../model/canary/weight-cap';
import { ACKNOWLEDGED_ANNOTATION, SPLIT_ANNOTATIONS } from '../../model/canary/split';
import type { Service } from '../../model/service';
import { assertThat, type LabTest } from '../support/lab-test';
import { weighted, type Route } from './shop';
import { STARTED_SECONDS } from './variant';
import { expectState, type World } from './world';

/** The services with a running canary: checkout, and cart, which checkout calls. */
export function canariesOf(world: World): readonly [Service, Service] {
  const [caller, callee] = ['checkout', 'cart'].map((name) =>
    world.shop.environment.services.find((service) => service.name === name && canaryVersion(service)),
  );
  if (caller === undefined || callee === undefined) throw new Error('checkout and cart need a canary each');
  return [caller, callee];
}

export function makeTest(world: World) {
  return (id: string, title: string, run: () => Promise<string>): LabTest => ({
    id: `workflow/${id}`,
    title,
    run: async () => {
      await world.reset();
      return { seen: await run() };
    },
  });
}

export function workflowTests(world: World): LabTest[] {
  const { shop, gateway } = world;
  const [checkout, cart] = canariesOf(world);
  const labTest = makeTest(world);
  const rollback = (id: string) => ({ service: checkout, action: 'rollback' as const, id });
  const rolledBack = { weights: [0], weightCaps: [0] };
  const untouched = { weights: [10], weightCaps: [] };
  const put = (route: Route) => shop.terraform.apply(route, { force: true });

  return [
    labTest(
      'rolls-back',
      'an incident takes all traffic from the canary, at the gateway first, then in the mesh',
      async () => {
        const { outcome, message } = await world.deliver(rollback('0.a'));
        assertThat(outcome === 'returned' && message === 'created a weight cap', `${outcome}: ${message}`);
        await expectState(world, checkout, rolledBack);
        await expectState(world, cart, { weights: [25], weightCaps: [] });
        const patched = gateway.requests.filter((request) => request.startsWith('PATCH'));
        assertThat(
          /\/api$/.test(patched[0] ?? '') && /\/checkout$/.test(patched[1] ?? ''),
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
    labTest('pauses', 'a pause keeps the current weight as the weight cap', async () => {
      await world.deliver({ ...rollback('0.b'), action: 'pause' });
      await expectState(world, checkout, { weights: [10], weightCaps: [10] });
      return 'weight 10 %, weight cap 10 %';
    }),
    labTest('every-rule', 'a rollback lowers every rule of every route, for reads and writes', async () => {
      await world.deliver({ service: cart, action: 'rollback', id: '0.c' });
      await expectState(world, cart, rolledBack);
      const rules = shop
        .committed('cart')
        .flatMap(({ spec }) => spec.http)
        .filter(({ route }) =>
          route.some(({ destination }) => destination.host === canaryVersion(cart)?.host),
        );
      assertThat(rules.length >= 4, `cart has only ${rules.length} rules`);
      return `${rules.length} rules`;
    }),
    labTest(
      'duplicates',
      'an incident delivered three times, twice at once, creates one weight cap',
      async () => {
        await Promise.all([world.deliver(rollback('0.d')), world.deliver(rollback('0.d'))]);
        const { message } = await world.deliver(rollback('0.d'));
        assertThat(message === 'weight cap exists already', message);
        await expectState(world, checkout, rolledBack);
        return 'one weight cap';
      },
    ),
    labTest(
      'one-notification',
      'the pipeline is started once for a weight cap, however often the workflow runs',
      async () => {
        await world.deliver(rollback('0.e'));
        await world.deliver(rollback('0.e'));
        await world.scheduledRun();
        assertThat(gateway.pipelineRuns.length === 1, `started ${gateway.pipelineRuns.length} times`);
        return 'once';
      },
    ),
    labTest('closed', 'a closed incident changes nothing', async () => {
      const { message } = await world.deliver({ ...rollback('0.f'), state: 'closed' });
      await expectState(world, checkout, untouched);
      return message;
    }),
    labTest(
      'out-of-order',
      'the order in which open and closed notifications arrive does not matter',
      async () => {
        await world.deliver({ ...rollback('0.g'), state: 'closed' });
        await world.deliver(rollback('0.g'));
        await expectState(world, checkout, rolledBack);
        await world.deliver({ ...rollback('0.g'), state: 'closed' });
        await world.scheduledRun();
        await expectState(world, checkout, rolledBack);
        return 'rolled back in both orders';
      },
    ),
    labTest('older', 'an incident from before the release does not affect it', async () => {
      const { message } = await world.deliver({ ...rollback('0.h'), startedAt: STARTED_SECONDS - 1 });
      await expectState(world, checkout, untouched);
      return message;
    }),
    labTest('foreign', 'an alert that is not about a canary is ignored', async () => {
      const data = Buffer.from(JSON.stringify({ incident: { state: 'open' } })).toString('base64');
      const { outcome, message } = await world.run({ data: { message: { data } } });
      assertThat(outcome === 'returned' && message.startsWith('ignored'), `${outcome}: ${message}`);
      return message;
    }),
    labTest('no-canary', 'an incident of a service without a canary changes nothing', async () => {
      const neighbour = { ...checkout, name: 'gift-cards' };
      const { message } = await world.deliver({ ...rollback('0.i'), service: neighbour });
      assertThat(message === 'ignored: the service has no canary', message);
      await expectState(world, checkout, untouched);
      return message;
    }),
    labTest(
      'no-rights',
      'the API server refuses to list routes for an incident in a namespace without canaries',
      async () => {
        const service = { ...checkout, name: 'payment', namespace: 'payments' };
        const { outcome, message } = await world.deliver({ ...rollback('0.i'), service });
        assertThat(outcome === 'failed' && /403/.test(message), `${outcome}: ${message}`);
        await expectState(world, checkout, untouched);
        return 'refused with 403';
      },
    ),
    labTest(
      'acknowledged',
      'an acknowledged incident has no effect when it arrives again; the next incident has',
      async () => {
        await world.deliver(rollback('0.j'));
        for (const route of shop.committed('checkout'))
          await put(acknowledging(weighted(route, 'checkout', 25), '0.j'));
        await world.deliver(rollback('0.j'));
        await world.scheduledRun();
        await expectState(world, checkout, { weights: [25], weightCaps: [0] });
        await world.deliver(rollback('0.k'));
        await expectState(world, checkout, { weights: [0], weightCaps: [0, 0] });
        return 'weight 25 %, then 0 %';
      },
    ),
    labTest('scheduled-run', 'a scheduled run enforces a weight cap without a notification', async () => {
      await world.shop.write({
        service: 'checkout',
        host: canaryVersion(checkout)?.host ?? '',
        release:
          shop.committed('checkout')[0]?.metadata.annotations?.[`${SPLIT_ANNOTATIONS.release}checkout`] ?? '',
        maximumWeightPercent: 0,
        action: 'rollback',
        incident: '0.l',
        time: '2026-01-15T12:01:00Z',
      });
      await world.scheduledRun();
      await expectState(world, checkout, rolledBack);
      return 'lowered';
    }),
    labTest(
      'several',
      'a rollback of a service and a pause of one that it calls run at the same time',
      async () => {
        await Promise.all([
          world.deliver(rollback('0.m')),
          world.deliver({ service: cart, action: 'pause', id: '0.n' }),
          world.scheduledRun(),
        ]);
        await expectState(world, checkout, rolledBack);
        await expectState(world, cart, { weights: [25], weightCaps: [25] });
        return 'checkout at 0 %, cart at 25 %';
      },
    ),
    labTest('unavailable', 'a request that gets status 503 is retried', async () => {
      gateway.injectFaults((index) => (index % 2 === 0 ? 'unavailable' : 'pass'));
      const { outcome } = await world.deliver(rollback('0.o'));
      assertThat(outcome === 'returned', outcome);
      await expectState(world, checkout, rolledBack);
      return `${gateway.requests.length} requests`;
    }),
    labTest(
      'changed-route',
      'a route that changes between read and write gets no weight in the wrong place',
      async () => {
        const [route] = shop.committed('checkout').filter(({ spec }) => spec.gateways.includes('mesh'));
        // The weight cap exists by then, so only a route without traffic to the canary is accepted.
        const reversed = route && withReversedDestinations(weighted(route, 'checkout', 0));
        let writes = 0;
        gateway.injectFaults(async (_, request) => {
          if (reversed && request.startsWith('PATCH') && request.endsWith('/checkout') && (writes += 1) === 1)
            await put(reversed);
          return 'pass' as const;
        });
        const first = await world.deliver(rollback('0.p'));
        assertThat(first.outcome === 'failed' && writes === 1, `${first.outcome} after ${writes} writes`);
        const weights = (await shop.weights('checkout')).join();
        assertThat(weights === '0', `the weights are ${weights}`);
        await world.scheduledRun();
        await expectState(world, checkout, rolledBack);
        return 'the first run failed, the second had nothing to lower';
      },
    ),
  ];
}

function acknowledging(route: Route, incident: string): Route {
  const annotations = { ...route.metadata.annotations, [ACKNOWLEDGED_ANNOTATION]: incident };
  return { ...route, metadata: { ...route.metadata, annotations } };
}

function withReversedDestinations(route: Route): Route {
  const http = route.spec.http.map((rule) => ({ ...rule, route: [...rule.route].reverse() }));
  return { ...route, spec: { ...route.spec, http } };
}
