/** Incidents whose notification is lost, and incidents during an apply. */
import { renderWeightCap } from '../../model/canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { assertThat, type LabTest } from '../support/lab-test';
import { weightCapOf } from './policy-tests';
import { weighted, type Route } from './shop';
import { STARTED_SECONDS } from './variant';
import { canariesOf, makeTest } from './workflow-tests';
import { expectState, userLabels, type World } from './world';

/** One release a day for most of a year. */
const OLD_RECORDS = 250;
/** An execution of Workflows may hold 512 KB. */
const MAXIMUM_BYTES = 64 * 1_024;

export function incidentTests(world: World): LabTest[] {
  const { shop, gateway } = world;
  const [checkout, cart] = canariesOf(world);
  const labTest = makeTest(world);
  const rollback = (id: string) => ({ service: checkout, action: 'rollback' as const, id });
  const rolledBack = { weights: [0], weightCaps: [0] };
  const put = (route: Route) => shop.terraform.apply(route, { force: true });

  return [
    labTest('lost', 'a scheduled run finds an incident whose notification was lost', async () => {
      // The workflow has no rights in this namespace, so processing this incident fails.
      const service = { ...checkout, name: 'payment', namespace: 'payments' };
      world.open({ service, action: 'rollback', id: '0.no' }, rollback('0.q'), {
        service: cart,
        action: 'pause',
        id: '0.r',
      });
      const { outcome, message } = await world.scheduledRun();
      assertThat(outcome === 'returned', message);
      await expectState(world, checkout, rolledBack);
      await expectState(world, cart, { weights: [25], weightCaps: [25] });
      return 'one rolled back, one paused';
    }),
    labTest('late', 'a notification that arrives late creates no second weight cap', async () => {
      world.open(rollback('0.s'));
      await world.scheduledRun();
      await world.deliver(rollback('0.s'));
      await world.scheduledRun();
      await expectState(world, checkout, rolledBack);
      assertThat(gateway.pipelineRuns.length === 1, `pipeline started ${gateway.pipelineRuns.length} times`);
      return 'one weight cap';
    }),
    labTest('invalid-alert', 'an invalid alert does not stop the next one from being processed', async () => {
      const policy = { userLabels: userLabels(checkout, 'rollback') };
      const openTime = new Date((STARTED_SECONDS + 60) * 1_000).toISOString();
      const invalid: object[] = [
        {},
        { name: 'projects/lab/alerts/0.bad', policy: 'gone' },
        { name: 'projects/lab/alerts/0.bad', openTime, policy: { userLabels: { action: 'rollback' } } },
        { policy, openTime },
        { name: 'projects/lab/alerts/0.bad', policy, openTime: 'today' },
      ];
      world.open(...invalid.map((listed) => ({ listed })), rollback('0.x'));
      const { outcome, message } = await world.scheduledRun();
      assertThat(outcome === 'returned', message);
      await expectState(world, checkout, rolledBack);
      return `${invalid.length} invalid alerts before it, each on its own page`;
    }),
    labTest(
      'old-records',
      'weight caps of earlier releases, which are never deleted, are not read',
      async () => {
        const old = Array.from({ length: OLD_RECORDS }, (_, index) =>
          shop.rollbackController.create({
            ...renderWeightCap({
              ...weightCapOf(checkout, 0, `0.${index}`),
              release: `sha256:${String(index).padStart(64, '0')}`,
            }),
          }),
        );
        await Promise.all(old);
        await world.deliver(rollback('0.z'));
        await world.scheduledRun();
        assertThat((await shop.weights('checkout')).join() === '0', 'the canary was not rolled back');
        const largest = Math.max(...gateway.responseBytes);
        assertThat(largest < MAXIMUM_BYTES, `a response had ${largest} bytes`);
        return `${OLD_RECORDS} records; the largest response has ${largest} bytes`;
      },
    ),
    labTest(
      'handmade',
      'a route with the label of a split and no annotations does not affect other routes',
      async () => {
        const [mesh] = shop.committed('checkout');
        if (mesh === undefined) throw new Error('checkout has no route that splits traffic');
        const { name: _, namespace = '', labels } = mesh.metadata;
        const handmade = {
          apiVersion: mesh.apiVersion,
          kind: mesh.kind,
          metadata: { name: 'a-handmade-one', namespace, labels: { ...labels } },
          spec: { hosts: ['handmade.example'], http: [{ redirect: { uri: '/' } }] },
        };
        await shop.terraform.apply(handmade, { force: true });
        try {
          await world.deliver(rollback('0.hand'));
          await expectState(world, checkout, rolledBack);
          return 'the other routes were lowered';
        } finally {
          await shop.terraform.delete({ ...handmade, name: handmade.metadata.name, namespace });
        }
      },
    ),
    labTest('open-but-older', 'an open incident from before the release does not affect it', async () => {
      world.open({ ...rollback('0.t'), startedAt: STARTED_SECONDS - 1 });
      await world.scheduledRun();
      await expectState(world, checkout, { weights: [10], weightCaps: [] });
      return 'unchanged';
    }),
    labTest(
      'monitoring-outage',
      'weight caps are enforced while Cloud Monitoring is unavailable',
      async () => {
        await shop.write(weightCapOf(checkout, 0, '0.u'));
        gateway.setOpenAlerts(undefined);
        const { outcome, message } = await world.scheduledRun();
        assertThat(outcome === 'returned', message);
        await expectState(world, checkout, rolledBack);
        return 'lowered';
      },
    ),
    labTest('two-releases', 'an incident during an apply caps both releases', async () => {
      const [one] = shop.committed('checkout');
      if (one) await put(ofRelease(one, 'sha256:new', STARTED_SECONDS + 30));
      await world.deliver(rollback('0.v'));
      await expectState(world, checkout, { weights: [0], weightCaps: [0, 0] });
      return 'one weight cap each';
    }),
    labTest(
      'same-start',
      'another image with the same start is capped while the incident is open',
      async () => {
        await world.deliver(rollback('0.y'));
        for (const route of shop.committed('checkout'))
          await put(weighted(ofRelease(route, 'sha256:new', STARTED_SECONDS), 'checkout', 10));
        world.open(rollback('0.y'));
        await world.scheduledRun();
        await expectState(world, checkout, { weights: [0], weightCaps: [0, 0] });
        world.open();
        for (const route of shop.committed('checkout'))
          await put(weighted(ofRelease(route, 'sha256:newer', STARTED_SECONDS), 'checkout', 10));
        await world.scheduledRun();
        await expectState(world, checkout, { weights: [10], weightCaps: [0, 0] });
        return 'capped while it is open, free once it is closed';
      },
    ),
    labTest('next-release', 'an incident that stays open does not affect the next release', async () => {
      await world.deliver(rollback('0.w'));
      for (const route of shop.committed('checkout'))
        await put(weighted(ofRelease(route, 'sha256:new', STARTED_SECONDS + 120), 'checkout', 25));
      world.open(rollback('0.w'));
      await world.deliver(rollback('0.w'));
      await world.scheduledRun();
      await expectState(world, checkout, { weights: [25], weightCaps: [0] });
      return 'weight 25 %';
    }),
  ];
}

function ofRelease(route: Route, release: string, startedSeconds: number): Route {
  const annotations = {
    ...route.metadata.annotations,
    [`${SPLIT_ANNOTATIONS.release}checkout`]: release,
    [`${SPLIT_ANNOTATIONS.startedSeconds}checkout`]: String(startedSeconds),
  };
  return { ...route, metadata: { ...route.metadata, annotations } };
}
