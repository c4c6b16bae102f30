/** The stages of a release: the inputs of each command, and the commands that it allows. */
import type { ReleaseCommand } from '../../tools/canary-release/command';
import { finish } from '../../tools/canary-release/finish';
import { advance, lift, pause, rollback, start } from '../../tools/canary-release/release-commands';
import { renderStatus, statusNeeds, statusOf } from '../../tools/canary-release/status';
import { BEGIN, evidenceAt, NEW, snapshotOf } from '../support/canary-snapshot';

const states = {
  none: snapshotOf({}),
  waiting: snapshotOf({ weightPercent: 0 }),
  stepping: snapshotOf({ weightPercent: 10 }),
  complete: snapshotOf({ weightPercent: 100 }),
  'promoting, 100 %': snapshotOf({ weightPercent: 100, v1: NEW }),
  'promoting, 50 %': snapshotOf({ weightPercent: 50, v1: NEW }),
  promoted: snapshotOf({ weightPercent: 0, v1: NEW }),
  'rolled back': snapshotOf({ weightPercent: 0, rolledBackAt: BEGIN }),
};

describe('the inputs by stage:', () => {
  const needsOf = (command: ReleaseCommand) =>
    Object.fromEntries(
      Object.entries(states)
        .map(([state, snapshot]) => [state, command(snapshot).needs] as const)
        .filter(([, needs]) => needs.length > 0),
    );

  test.each([
    ['start', start(NEW)],
    ['pause', pause('x')],
    ['lift', lift],
    ['rollback', rollback],
  ])('%s needs none', (_, command) => {
    expect(needsOf(command)).toEqual({});
  });

  test('advance', () => {
    expect(needsOf(advance)).toEqual({
      waiting: ['rollouts', 'weightCaps', 'evidence'],
      stepping: ['weightCaps', 'evidence'],
    });
  });

  test('finish', () => {
    expect(needsOf(finish)).toEqual({
      complete: ['weightCaps', 'evidence'],
      'promoting, 100 %': ['rollouts'],
      'promoting, 50 %': ['rollouts', 'evidence'],
      promoted: ['evidence'],
      'rolled back': ['evidence'],
    });
  });

  test('status', () => {
    const needs = Object.values(states).map((snapshot) => statusNeeds(snapshot));
    expect(needs).toEqual([[], ['weightCaps'], ...Array(2).fill(['weightCaps', 'evidence']), [], [], [], []]);
  });
});

describe('blocked by stage:', () => {
  const blockersOf = (command: ReleaseCommand) =>
    Object.fromEntries(
      Object.entries(states).flatMap(([state, snapshot]) => {
        const { needs, outcome } = command(snapshot);
        const result = outcome(snapshot);
        return needs.length > 0 || !('blockers' in result)
          ? []
          : [[state, result.blockers.map(({ reason, fix }) => `${reason}; ${fix}`).join()]];
      }),
    );
  const none = "no canary is running in 'prod'; run 'start'";
  const rolledBack = 'the release was rolled back at 2026-02-01T08:00:00Z;';

  test('start', () => {
    const running = (percent: number) =>
      `a canary is running at ${percent} %; end it with 'finish' or 'rollback'`;
    expect(blockersOf(start(NEW))).toEqual({
      waiting: running(0),
      stepping: running(10),
      complete: running(100),
      'promoting, 100 %': running(100),
      'promoting, 50 %': running(50),
      promoted: running(0),
      'rolled back': `${NEW} was rolled back at 2026-02-01T08:00:00Z; set another --image`,
    });
  });

  test('advance', () => {
    const promoting = "the release is being promoted; run 'finish'";
    expect(blockersOf(advance)).toEqual({
      none,
      complete: "v2 already receives all traffic; run 'finish'",
      'promoting, 100 %': promoting,
      'promoting, 50 %': promoting,
      promoted: promoting,
      'rolled back': `${rolledBack} run 'start' with another image`,
    });
  });

  test('finish', () => {
    const early = (percent: number) =>
      `v2 receives ${percent} % and has not passed every step; run 'advance', or end the release with 'rollback'`;
    expect(blockersOf(finish)).toEqual({ none, waiting: early(0), stepping: early(10) });
  });

  test.each([
    ['pause', pause('x')],
    ['lift', lift],
  ])('%s', (_, command) => {
    const ended = (stage: string) =>
      `the release is ${stage}, so its weight no longer increases; run 'finish'`;
    expect(blockersOf(command)).toEqual({
      none,
      'promoting, 100 %': ended('promoting'),
      'promoting, 50 %': ended('promoting'),
      promoted: ended('promoted'),
      'rolled back': ended('rolled-back'),
    });
  });

  test('rollback', () => {
    const late =
      "the stable version already has the new image, so a rollback cannot restore the old one; run 'finish', then 'start' with the former image";
    expect(blockersOf(rollback)).toEqual({
      none,
      'promoting, 100 %': late,
      'promoting, 50 %': late,
      promoted: late,
      'rolled back': `${rolledBack} remove it with 'finish'`,
    });
  });
});

describe('status', () => {
  test('prints the steps, the evidence and every blocker', () => {
    const snapshot = snapshotOf(
      { weightPercent: 1, minutes: 30 },
      { evidence: evidenceAt(1, { failed: 100 }) },
    );

    expect(renderStatus(statusOf(snapshot), snapshot.service))
      .toBe(`checkout v2 in prod: stepping at 1 % since 2026-02-01T08:00:00Z

  step    requests/s  needs requests  bakes
  1 %            0.2            1691  147 min
  5 %              1            1745  36 min
  10 %             2            1855  30 min
  25 %             5            2282  30 min
  50 %            10            3544  30 min
  100 %           20            1474  30 min

  availability in this step: 100 of 4000 failed (5× budget); v1 4 of 396000 failed (0.002× budget)
  latency in this step: 0 of 4000 over 256 ms (0× budget); v1 0 of 396000 over 256 ms (0× budget)

  blocked: the step has baked for 30 of 147 min; wait 117 min
  blocked: v2 burns its availability error budget at 5× in this step and is worse than v1; run 'rollback'`);
  });

  test('names inputs that are missing', () => {
    const { evidence: _, weightCaps: __, ...release } = snapshotOf({ weightPercent: 1, minutes: 147 });
    const text = renderStatus(statusOf(release, ['cannot read from the cluster']), release.service);
    expect(text).toMatch(/\n\n {2}unknown: cannot read from the cluster$/);
  });

  test('states that no check blocks the release', () => {
    const snapshot = snapshotOf({ weightPercent: 1, minutes: 147 });
    expect(renderStatus(statusOf(snapshot), snapshot.service)).toMatch(/no check blocks the next step$/);
  });
});
