/** The workflow is killed between any two requests, and the next scheduled run finishes its work. */
import { assertThat, type LabTest } from '../support/lab-test';
import type { InjectedFault } from './connect-gateway';
import { canariesOf, makeTest } from './workflow-tests';
import { expectState, type World } from './world';

/** @param requests that an undisturbed execution sends */
export function crashTests(world: World, requests: readonly string[]): LabTest[] {
  const labTest = makeTest(world);
  return requests.flatMap((request, index) =>
    (['before', 'after'] as const).map((moment) =>
      labTest(
        `crash-${index}-${moment}`,
        `the next run finishes the work of one that is killed ${moment} ${request}`,
        () => killAt(world, index, `kill ${moment}`),
      ),
    ),
  );
}

async function killAt(world: World, killedIndex: number, fault: InjectedFault): Promise<string> {
  const { shop, gateway } = world;
  const [checkout] = canariesOf(world);
  const incident = { service: checkout, action: 'rollback' as const, id: '0.crash' };
  gateway.injectFaults((index) => (index === killedIndex ? fault : 'pass'));
  const { outcome } = await world.deliver(incident);
  assertThat(outcome === 'killed', `the execution ${outcome}`);
  const weights = await shop.weights('checkout');
  assertThat(
    weights.every((weight) => weight <= 10),
    `weights rose to ${weights.join(', ')}`,
  );

  gateway.injectFaults(() => 'pass');
  const recorded = (await shop.weightCaps()).length > 0;
  // The notification is not repeated.
  world.open(incident);
  await world.scheduledRun();
  await expectState(world, checkout, { weights: [0], weightCaps: [0] });
  const runs = gateway.pipelineRuns.length;
  assertThat(runs === 1 || runs === 2, `pipeline started ${runs} times`);
  return `the next run found the ${recorded ? 'weight cap' : 'open incident'}; pipeline started ${runs === 1 ? 'once' : 'twice'}`;
}

/** Requests that an undisturbed rollback sends. */
export async function requestsOfRollback(world: World): Promise<string[]> {
  const [service] = canariesOf(world);
  await world.reset();
  await world.deliver({ service, action: 'rollback', id: '0.crash' });
  return [...world.gateway.requests];
}

export function environmentTests(world: World, other: World): LabTest[] {
  const [here] = canariesOf(world);
  const [there] = canariesOf(other);
  return [
    {
      id: 'workflow/two-environments',
      title: 'two environments handle incidents with the same id at the same time',
      run: async () => {
        await Promise.all([world.reset(), other.reset()]);
        await Promise.all([
          world.deliver({ service: here, action: 'rollback', id: '0.same' }),
          other.deliver({ service: there, action: 'pause', id: '0.same' }),
        ]);
        await Promise.all([world.scheduledRun(), other.scheduledRun()]);
        await expectState(world, here, { weights: [0], weightCaps: [0] });
        await expectState(other, there, { weights: [10], weightCaps: [10] });
        return { seen: 'one rolled back, the other paused' };
      },
    },
  ];
}
