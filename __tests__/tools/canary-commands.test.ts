/** What blocks a command, as a function of the snapshot. */
import type { WeightCap } from '../../model/canary/weight-cap';
import type { Evidence } from '../../model/canary/evidence';
import type { ReleaseCommand } from '../../tools/canary-release/command';
import { finish } from '../../tools/canary-release/finish';
import { advance, start } from '../../tools/canary-release/release-commands';
import type { Snapshot } from '../../tools/canary-release/snapshot';
import { countsAt, deployment, evidenceAt, NEW, OLD, rollouts, snapshotOf } from '../support/canary-snapshot';

/** Of the outcome; edits are tested end to end. */
function blockers(command: ReleaseCommand, snapshot: Snapshot): string[] {
  const outcome = command(snapshot).outcome(snapshot);
  return 'blockers' in outcome ? outcome.blockers.map(({ reason, fix }) => `${reason}; ${fix}`) : [];
}

describe('start', () => {
  test('without an image', () => {
    expect(blockers(start(), snapshotOf({}))).toEqual([
      'the image of the new version is missing; set --image',
    ]);
  });

  test('with the image that runs already', () => {
    expect(blockers(start(OLD), snapshotOf({}))).toEqual([`v1 already runs ${OLD}; set another --image`]);
  });
});

describe('the first weight waits', () => {
  const waiting = (inputs: Partial<Snapshot>) => blockers(advance, snapshotOf({ weightPercent: 0 }, inputs));
  const rollout = 'apply the plan and wait for the rollout';

  test('for the rollout', () => {
    expect(blockers(advance, snapshotOf({ weightPercent: 0 }))).toEqual([]);
    expect(waiting({ rollouts: [] })).toEqual([`Deployment 'checkout-v2' does not exist yet; ${rollout}`]);
    expect(waiting({ rollouts: rollouts(deployment('v2', OLD)) })).toEqual([
      `'checkout-v2' does not run ${NEW} yet; ${rollout}`,
    ]);
    expect(waiting({ rollouts: rollouts(deployment('v2', NEW, { observedGeneration: 2 })) })).toEqual([
      `'checkout-v2': 3 of 3 pods are available, 3 of 3 have the new image; ${rollout}`,
    ]);
    expect(waiting({ rollouts: rollouts(deployment('v2', NEW, { availableReplicas: 2 })) })).toEqual([
      `'checkout-v2': 2 of 3 pods are available, 3 of 3 have the new image; ${rollout}`,
    ]);
    expect(waiting({ rollouts: rollouts(deployment('v2', NEW, { replicas: 4 })) })).toEqual([
      `'checkout-v2': 3 of 3 pods are available, 3 of 4 have the new image; ${rollout}`,
    ]);
  });

  test('for a Deployment with pods', () => {
    const none = { replicas: 0, updatedReplicas: 0, availableReplicas: 0 };
    expect(waiting({ rollouts: rollouts(deployment('v2', NEW, none, 0)) })).toEqual([
      `'checkout-v2' has no pods: its Deployment is scaled to 0; ${rollout}`,
    ]);
  });

  test('for a stable version within its SLO', () => {
    const failing = countsAt(0, { stableFailed: 9_000 });
    expect(waiting({ evidence: { step: failing, recent: failing } })).toEqual([
      'v1 burns its availability error budget at 4.5×; fix v1 first: a release needs a stable version within its SLO',
    ]);
  });
});

describe('a step at 1 %', () => {
  const step = (evidence: Evidence, minutes = 147) =>
    blockers(advance, snapshotOf({ weightPercent: 1, minutes }, { evidence }));

  test('advances if no check blocks it', () => {
    expect(step(evidenceAt(1))).toEqual([]);
  });

  test('has to bake', () => {
    expect(step(evidenceAt(1), 146)).toEqual(['the step has baked for 146 of 147 min; wait 1 min']);
  });

  test('needs enough requests', () => {
    expect(step(evidenceAt(1, { all: 1_690 }))).toEqual([
      '1690 requests since the step began; availability needs 1691; wait about 1 min at the expected rate',
    ]);
    expect(step(evidenceAt(1, { all: 1_691 }))).toEqual([]);
  });

  test('is blocked by a canary that burns the budget', () => {
    expect(step(evidenceAt(1, { failed: 100 }))).toEqual([
      "v2 burns its availability error budget at 5× in this step and is worse than v1; run 'rollback'",
    ]);
  });

  test('is blocked by failures of both versions', () => {
    expect(step(evidenceAt(1, { failed: 100, stableFailed: 9_900 }))).toEqual([
      "v2 burns its availability error budget at 5× in this step, v1 at 5×: the cause is elsewhere; wait until the cause is fixed, then restart the step with 'pause --lift'",
    ]);
  });

  test('is blocked by failures of the stable version', () => {
    expect(step(evidenceAt(1, { failed: 0, stableFailed: 9_900 }))).toEqual([
      'v1 burns its availability error budget at 5×; fix v1 first: a release needs a stable version within its SLO',
    ]);
  });

  test('is blocked until its plan is applied', () => {
    expect(step(evidenceAt(10))).toEqual([
      'the canary receives 10 % of the requests, not 1 %; apply the plan with the committed weight, and check for a weight cap',
    ]);
  });

  test('is blocked if its plan was applied late', () => {
    expect(step({ step: countsAt(0.5), recent: countsAt(1) })).toEqual([
      "the canary received 0.5 % of the requests since the step began, not 1 %: the plan was applied later; wait, or restart the step with 'pause --lift'",
    ]);
    expect(step({ step: countsAt(0.8), recent: countsAt(1) })).toEqual([]);
  });

  test('is blocked without traffic', () => {
    const none = countsAt(0, { all: 0 });
    expect(step({ step: none, recent: none })[0]).toBe(
      'no requests in the last minutes; check that metrics arrive, and wait',
    );
  });

  test('is blocked by a weight cap of its release until the incident is acknowledged', () => {
    const weightCap = (digit: string, action: WeightCap['action']): WeightCap => ({
      service: 'checkout',
      host: 'checkout-v2.purchasing.svc.cluster.local',
      release: `sha256:${digit.repeat(64)}`,
      maximumWeightPercent: action === 'rollback' ? 0 : 1,
      action,
      incident: '0.abc',
      time: '2026-02-01T08:30:00Z',
    });
    const capped = (one: WeightCap, acknowledgedIncidents: string[] = []) => {
      const snapshot = snapshotOf({ weightPercent: 1, minutes: 147 }, { weightCaps: [one] });
      return blockers(advance, {
        ...snapshot,
        environment: { ...snapshot.environment, acknowledgedIncidents },
      });
    };
    expect(capped(weightCap('c', 'rollback'))).toEqual([
      "a weight cap of 0 % holds this release since 2026-02-01T08:30:00Z (rollback, incident 0.abc); run 'rollback' and start another image, or, if this version is not the cause, add '0.abc' to acknowledgedIncidents",
    ]);
    expect(capped(weightCap('c', 'pause'))).toEqual([
      "a weight cap of 1 % holds this release since 2026-02-01T08:30:00Z (pause, incident 0.abc); investigate the incident, then add '0.abc' to acknowledgedIncidents",
    ]);
    expect(capped(weightCap('d', 'rollback'))).toEqual([]);
    expect(capped(weightCap('c', 'rollback'), ['0.abc'])).toEqual([]);
  });

  test('is blocked by a pause', () => {
    const pausedBecause = 'the bank is slow';
    expect(
      blockers(
        advance,
        snapshotOf({ weightPercent: 1, minutes: 147, pausedBecause }, { evidence: evidenceAt(1) }),
      ),
    ).toEqual(["the release is paused: the bank is slow; restart the step with 'pause --lift'"]);
  });
});

test('at 100 % there is no stable version to compare with', () => {
  const evidence = evidenceAt(100, { failed: 100 });
  expect(blockers(finish, snapshotOf({ weightPercent: 100, minutes: 147 }, { evidence }))).toEqual([
    "v2 burns its availability error budget at 5× in this step; run 'rollback'",
  ]);
});

describe('with half of the traffic back at v1, finish is blocked', () => {
  const returning = (inputs: Partial<Snapshot>) =>
    blockers(finish, snapshotOf({ weightPercent: 50, v1: NEW, minutes: 5 }, inputs));

  test('while either version burns its budget', () => {
    const fix = 'fix the cause first, or restore the former image of v1 in the release file';
    expect(returning({ evidence: evidenceAt(50, { failed: 100, stableFailed: 200 }) })).toEqual([
      `v2 burns its availability error budget at 5× in this step; ${fix}`,
      `v1 burns its availability error budget at 10× in this step; ${fix}`,
    ]);
  });

  test('until half of the requests reach v1', () => {
    expect(returning({ evidence: evidenceAt(90) })).toEqual([
      'the canary receives 90 % of the requests, not 50 %; apply the plan with the committed weight, and check for a weight cap',
    ]);
  });

  test('not at all otherwise', () => {
    expect(returning({})).toEqual([]);
  });
});
