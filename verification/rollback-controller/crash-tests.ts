/** The guard dies between any two of its steps, and the next minute ends what it began. */
import { assertThat, type LabTest } from '../support/lab-test';
import type { InjectedFault } from './connect-gateway';
import { canariesOf, makeTest } from './workflow-tests';
import { expectHeld, type World } from './world';

/** @param steps requests that an undisturbed execution makes */
export function crashTests(world: World, steps: readonly string[]): LabTest[] {
  const labTest = makeTest(world);
  const outcomes: readonly InjectedFault[] = ['die before', 'die after'];
  return steps.flatMap((step, at) =>
    outcomes.map((fault) =>
      labTest(`crash-${at}-${fault.replace('die ', '')}`, `dies ${fault.slice(4)} ${step}`, () =>
        dieAt(world, at, fault),
      ),
    ),
  );
}

async function dieAt(world: World, at: number, fault: InjectedFault): Promise<string> {
  const { shop, gateway } = world;
  const [checkout] = canariesOf(world);
  const incident = { service: checkout, action: 'rollback' as const, id: '0.crash' };
  gateway.decideBy((place) => (place === at ? fault : 'pass'));
  const { outcome } = await world.deliver(incident);
  assertThat(outcome === 'killed', `the execution ${outcome}`);
  const between = await shop.weights('checkout');
  assertThat(
    between.every((weight) => weight <= 10),
    `weights rose to ${between.join(', ')}`,
  );

  gateway.decideBy(() => 'pass');
  const recorded = (await shop.weightCaps()).length > 0;
  // The notice does not come again.
  world.open(incident);
  await world.minute();
  await expectHeld(world, checkout, { weights: [0], weightCaps: [0] });
  const runs = gateway.pipelineRuns.length;
  assertThat(runs === 1 || runs === 2, `the pipeline was started ${runs} times`);
  return `${recorded ? 'the ceiling' : 'the open incident'} told the clock; the pipeline was started ${runs === 1 ? 'once' : 'twice'}`;
}

/** Requests of an undisturbed rollback. */
export async function stepsOfRollback(world: World): Promise<string[]> {
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
      id: 'guard/two-environments',
      title: 'two environments roll back and pause at once, each its own',
      run: async () => {
        await Promise.all([world.reset(), other.reset()]);
        await Promise.all([
          world.deliver({ service: here, action: 'rollback', id: '0.same' }),
          other.deliver({ service: there, action: 'pause', id: '0.same' }),
        ]);
        await Promise.all([world.minute(), other.minute()]);
        await expectHeld(world, here, { weights: [0], weightCaps: [0] });
        await expectHeld(other, there, { weights: [10], weightCaps: [10] });
        return { seen: 'the same id in both, and neither touched the other' };
      },
    },
  ];
}
