/** Incidents whose notice is lost, and those that come in the middle of an apply. */
import { renderWeightCap } from '../../model/canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { assertThat, type LabTest } from '../support/lab-test';
import { weightCapOf } from './policy-tests';
import { weighted, type Route } from './shop';
import { STARTED_SECONDS } from './variant';
import { canariesOf, makeTest } from './workflow-tests';
import { expectHeld, type World } from './world';

/** Of one release a day, in most of a year. */
const OLD_RECORDS = 250;
/** Workflows gives an execution 512 KB for all that it holds. */
const MOST_BYTES = 64 * 1_024;

export function incidentTests(world: World): LabTest[] {
  const { shop, gateway } = world;
  const [checkout, cart] = canariesOf(world);
  const labTest = makeTest(world);
  const rollback = (id: string) => ({ service: checkout, action: 'rollback' as const, id });
  const gone = { weights: [0], weightCaps: [0] };
  const put = (route: Route) => shop.terraform.apply(route, { force: true });

  return [
    labTest('lost', 'an incident whose notice never comes is found within the minute', async () => {
      // Of a namespace where the guard has no rights, so that this one cannot be recorded.
      const service = { ...checkout, name: 'payment', namespace: 'payments' };
      world.open({ service, action: 'rollback', id: '0.no' }, rollback('0.q'), {
        service: cart,
        action: 'pause',
        id: '0.r',
      });
      const { outcome, message } = await world.minute();
      assertThat(outcome === 'returned', message);
      await expectHeld(world, checkout, gone);
      await expectHeld(world, cart, { weights: [25], weightCaps: [25] });
      return 'one rolled back, one paused';
    }),
    labTest('lost-and-found', 'a notice that comes after all makes no second ceiling', async () => {
      world.open(rollback('0.s'));
      await world.minute();
      await world.deliver(rollback('0.s'));
      await world.minute();
      await expectHeld(world, checkout, gone);
      assertThat(
        gateway.pipelineRuns.length === 1,
        `the pipeline was started ${gateway.pipelineRuns.length} times`,
      );
      return 'one ceiling';
    }),
    labTest('unreadable', 'an open incident that cannot be read keeps no other waiting', async () => {
      const policy = { userLabels: { service: 'checkout', namespace: 'purchasing', action: 'rollback' } };
      const openTime = new Date((STARTED_SECONDS + 60) * 1_000).toISOString();
      const corrupted: object[] = [
        {},
        { name: 'projects/lab/alerts/0.bad', policy: 'gone' },
        { name: 'projects/lab/alerts/0.bad', openTime, policy: { userLabels: { action: 'rollback' } } },
        { policy, openTime },
        { name: 'projects/lab/alerts/0.bad', policy, openTime: 'today' },
      ];
      world.open(...corrupted.map((listed) => ({ listed })), rollback('0.x'));
      const { outcome, message } = await world.minute();
      assertThat(outcome === 'returned', message);
      await expectHeld(world, checkout, gone);
      return `${corrupted.length} before it, each on a page of its own`;
    }),
    labTest('records-pile-up', 'records of years, which nobody deletes, are not read again', async () => {
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
      await world.minute();
      assertThat((await shop.weights('checkout')).join() === '0', 'the canary was not held');
      const largest = Math.max(...gateway.answers);
      assertThat(largest < MOST_BYTES, `an answer had ${largest} bytes`);
      return `${OLD_RECORDS} records; no answer of more than ${largest} bytes`;
    }),
    labTest('handmade', 'a route with the label of a split and nothing else stops nobody', async () => {
      const [mesh] = shop.committed('checkout');
      if (mesh === undefined) throw new Error('checkout has no split');
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
        await expectHeld(world, checkout, gone);
        return 'the others went down';
      } finally {
        await shop.terraform.delete({ ...handmade, name: handmade.metadata.name, namespace });
      }
    }),
    labTest('open-but-older', 'an open incident from before the release is not its own', async () => {
      world.open({ ...rollback('0.t'), startedAt: STARTED_SECONDS - 1 });
      await world.minute();
      await expectHeld(world, checkout, { weights: [10], weightCaps: [] });
      return 'untouched';
    }),
    labTest('blind', 'where Cloud Monitoring does not answer, ceilings hold all the same', async () => {
      await shop.write(weightCapOf(checkout, 0, '0.u'));
      gateway.openAlerts(undefined);
      const { outcome, message } = await world.minute();
      assertThat(outcome === 'returned', message);
      await expectHeld(world, checkout, gone);
      return 'lowered';
    }),
    labTest('two-releases', 'in the middle of an apply both releases are held', async () => {
      const [one] = shop.committed('checkout');
      if (one) await put(ofRelease(one, 'sha256:new', STARTED_SECONDS + 30));
      await world.deliver(rollback('0.v'));
      await expectHeld(world, checkout, { weights: [0], weightCaps: [0, 0] });
      return 'a ceiling each';
    }),
    labTest(
      'same-start',
      'another image that claims no start of its own is held while the incident is open',
      async () => {
        await world.deliver(rollback('0.y'));
        for (const route of shop.committed('checkout'))
          await put(weighted(ofRelease(route, 'sha256:new', STARTED_SECONDS), 10));
        world.open(rollback('0.y'));
        await world.minute();
        await expectHeld(world, checkout, { weights: [0], weightCaps: [0, 0] });
        world.open();
        for (const route of shop.committed('checkout'))
          await put(weighted(ofRelease(route, 'sha256:newer', STARTED_SECONDS), 10));
        await world.minute();
        await expectHeld(world, checkout, { weights: [10], weightCaps: [0, 0] });
        return 'held, and free once it is closed';
      },
    ),
    labTest('next-release', 'an incident that stays open does not hold the release after', async () => {
      await world.deliver(rollback('0.w'));
      for (const route of shop.committed('checkout'))
        await put(weighted(ofRelease(route, 'sha256:new', STARTED_SECONDS + 120), 25));
      world.open(rollback('0.w'));
      await world.deliver(rollback('0.w'));
      await world.minute();
      await expectHeld(world, checkout, { weights: [25], weightCaps: [0] });
      return 'free';
    }),
  ];
}

function ofRelease(route: Route, release: string, startedSeconds: number): Route {
  const annotations = {
    ...route.metadata.annotations,
    [SPLIT_ANNOTATIONS.release]: release,
    [SPLIT_ANNOTATIONS.startedSeconds]: String(startedSeconds),
  };
  return { ...route, metadata: { ...route.metadata, annotations } };
}
