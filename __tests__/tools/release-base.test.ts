/** Changes of releases, compared with a commit of a real repository. */
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import { reviewComparison } from '../../tools/commands/diff';
import { sourceFiles } from '../support/catalogue-fixture';
import { buildCommand, GitShop } from '../support/git-shop';

const canary = (weightPercent: number, stepSince: string) =>
  `services:\n  cart:\n    images: {}\n    canary: { version: v2, weightPercent: ${weightPercent}, startedAt: 2026-01-10T08:00:00Z, stepSince: ${stepSince} }\n`;
const STEP_25 = canary(25, '2026-01-10T08:00:00Z');
const STEP_50 = canary(50, '2026-01-10T12:00:00Z');
const SKIPPED = canary(100, '2026-01-10T12:00:00Z');

let shop: GitShop;
beforeAll(buildCommand, 60_000);
beforeEach(() => {
  shop = new GitShop({ 'releases/test.yaml': STEP_25 });
});
afterEach(() => shop.remove());

test('validate --base reports a skipped step with its line', () => {
  shop.write({ 'releases/test.yaml': SKIPPED });

  expect(shop.mesh(['validate']).status).toBe(0);
  const { status, stdout } = shop.mesh(['validate', '--base', 'main']);
  expect(stdout.split('\n')[0]).toBe(
    "mesh-config/releases/test.yaml:4:43: services.cart.canary.weightPercent: 25 % → 100 % skips 50 % (steps 25, 50, 100); use 'mesh canary advance' [REL-002]",
  );
  expect(status).toBe(1);
});

test('validate --base names the rule in SARIF', () => {
  shop.write({ 'releases/test.yaml': SKIPPED });

  const { stdout } = shop.mesh(['validate', '--base', 'main', '--format', 'sarif']);
  const [run] = JSON.parse(stdout).runs;
  expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['REL-002']);
  expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe('REL-002');
});

test('validate --base accepts the next step', () => {
  shop.write({ 'releases/test.yaml': STEP_50 });

  expect(shop.mesh(['validate', '--base', 'main'])).toMatchObject({ status: 0, stderr: '' });
});

test('the base is where the branch left main, so that steps on main are not those of the branch', () => {
  shop.git('switch', '--quiet', '--create', 'topic');
  shop.write({
    'services/stock.yaml': shop.read('services/stock.yaml').replace('timeoutMs: 200', 'timeoutMs: 190'),
  });
  shop.commit('Lower a timeout', '2026-01-11T08:00:00Z');
  shop.git('switch', '--quiet', 'main');
  shop.write({ 'releases/test.yaml': STEP_50 });
  shop.commit('Advance', '2026-01-11T09:00:00Z');
  shop.git('switch', '--quiet', 'topic');

  expect(shop.mesh(['validate', '--base', 'main'])).toMatchObject({ status: 0, stderr: '' });
  // Against the tip, the unchanged release would be a step back.
  expect(shop.read('releases/test.yaml')).toBe(STEP_25);
});

test.each([
  [
    'nowhere',
    "'nowhere' is not a commit of this repository; use a branch, tag or commit, and fetch it first\n",
  ],
  [
    'before',
    expect.stringMatching(/^commit [0-9a-f]{12} has no catalogue at 'mesh-config'; choose a later commit/),
  ],
])('validate --base %s fails with one sentence', (ref, message) => {
  shop.git('switch', '--quiet', '--orphan', 'empty');
  shop.git('commit', '--quiet', '--allow-empty', '--message=Nothing');
  shop.git('tag', 'before');
  shop.git('switch', '--quiet', 'main');

  expect(shop.mesh(['validate', '--base', ref])).toEqual({ status: 1, stdout: '', stderr: message });
});

test('a diff raises a critical flag in the environment of the release', () => {
  const content = (text: string) => ({ files: sourceFiles({ 'releases/test.yaml': text }), violations: [] });
  const releaseTransitions = releaseTransitionViolations(
    content(STEP_25),
    content(SKIPPED),
    new Date('2026-01-10T12:00:00Z'),
  );
  const stacks = new Map([
    ['test-mesh-policies', {}],
    ['other-mesh-policies', {}],
  ]);
  const reviews = reviewComparison({ before: stacks, after: stacks, releaseTransitions }, undefined);

  expect(reviews.map(({ environment, flags }) => ({ environment, flags }))).toEqual([
    {
      environment: 'test',
      flags: [
        {
          id: 'release-transition',
          severity: 'critical',
          title: 'Canary step skipped, or release edited by hand',
          findings: [{ location: 'cart', message: '25 % → 100 % skips 50 % (steps 25, 50, 100) (REL-002)' }],
        },
      ],
    },
  ]);
});
