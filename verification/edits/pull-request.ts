/** What a pull request with one edit goes through, except for Terraform's plans. */
import { checkCatalogue, type CheckedCatalogue } from '../../model/catalogue/load';
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import type { Review } from '../../model/review/review';
import { readMeshConfig } from '../../model/source/read-folder';
import { formatViolation, type Violation } from '../../model/source/violation';
import { reviewComparison } from '../../tools/commands/diff';
import { catalogueRisks } from '../../tools/pipeline/catalogue-risks';
import { changedStacks } from '../../tools/pipeline/changed';
import { blockedBy, gatesNamed } from '../../tools/plan-review/gate';
import type { Synthesis } from '../../tools/synthesis';
import { stackKindOf } from '../../tools/synthesized-stacks';
import type { ExpectedReview, EditVerdict } from './edit';

/** The catalogue after a commit, and what it deploys. */
export interface ShopState {
  /** Folder of the catalogue. */
  readonly config: string;
  readonly catalogue: CheckedCatalogue;
  /** Output folder of synth; `undefined` for a catalogue with violations. */
  readonly output?: string;
  readonly stacks?: Synthesis;
}

export interface SeenReview extends ExpectedReview {
  readonly environment: string;
  readonly flags: readonly string[];
}

export interface PullRequest {
  readonly violations: readonly string[];
  readonly releases: readonly string[];
  readonly reviews: readonly SeenReview[];
  /** `prod: critical public-exposure`, of the review and of the risks of the catalogue. */
  readonly critical: readonly string[];
}

export function stateOf(config: string, today: string): ShopState {
  return { config, catalogue: checkCatalogue(readMeshConfig(config), today) };
}

/** @param releases violations of `mesh release check` */
export function pullRequestOf(
  before: Required<ShopState>,
  after: ShopState,
  releases: readonly string[],
  now: Date,
): PullRequest {
  const violations = after.catalogue.violations.map(inCatalogue);
  const { output, stacks } = after;
  if (violations.length > 0 || output === undefined || stacks === undefined)
    return { violations, releases, reviews: [], critical: [] };
  const reviews = reviewComparison(
    {
      before: before.stacks,
      after: stacks,
      releaseTransitions: releaseTransitionViolations(
        readMeshConfig(before.config),
        readMeshConfig(after.config),
        now,
      ),
    },
    undefined,
  );
  const changed = changedStacks(
    output,
    before.output,
    after.catalogue.environments.map(({ name }) => name),
  );
  const risks = catalogueRisks(before, { output, config: after.config }, now);
  const critical = [...blockedBy(gatesNamed(['critical']), reviews), ...risks.lines];
  return {
    violations,
    releases,
    reviews: reviews.map((review) => seen(review, changed)),
    critical: [...new Set(critical)].sort(),
  };
}

export function verdictOn({ violations, releases, critical }: PullRequest, accepted: boolean): EditVerdict {
  if (violations.length > 0 || releases.length > 0) return 'not merged';
  if (critical.length === 0) return 'merged';
  return accepted ? 'merged with critical-accepted' : 'not merged';
}

/** With the path in the catalogue, as in a repository. */
export function inCatalogue(violation: Violation): string {
  return formatViolation(violation).replace(/\S*\/mesh-config\//g, '');
}

function seen(
  { environment, headlines, flags }: Review,
  changed: readonly { readonly environment: string; readonly stacks: readonly string[] }[],
): SeenReview {
  const stacks = changed.find((one) => one.environment === environment)?.stacks ?? [];
  return {
    environment,
    stacks: stacks.map((id) => stackKindOf(environment, id)),
    headlines: headlines.map(({ subject, text }) => `${subject}: ${text}`),
    flags: flags.map(({ id }) => id),
  };
}
