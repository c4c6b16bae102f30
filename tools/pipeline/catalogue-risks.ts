/** Critical risks that follow from the catalogue, by comparing two syntheses: no plan shows all of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import type { SynthesizedJson } from '../../model/review/synthesized';
import type { Review } from '../../model/review/review';
import { readMeshConfig } from '../../model/source/read-folder';
import { reviewComparison } from '../commands/diff';
import { renderRisks } from '../plan-review/markdown';
import { stackIds } from '../synthesized-stacks';

/**
 * A stack that left has no plan, and a plan knows what was applied but not the former release file. The image also
 * appears in a plan, which a pull request from a fork does not have.
 */
const FLAGS: readonly string[] = ['stack-removed', 'release-transition', 'foreign-image'];

export interface Synthesized {
  /** Output folder of synth. */
  readonly output: string;
  /** Folder of the catalogue that was synthesized. */
  readonly config: string;
}

export interface CatalogueRisks {
  /** `qa: critical stack-removed`, one line for each flag. */
  readonly lines: readonly string[];
  /** Empty without a risk. */
  readonly markdown: string;
}

/** @param now for times of releases */
export function catalogueRisks(base: Synthesized, head: Synthesized, now: Date): CatalogueRisks {
  const comparison = {
    before: stacksIn(base.output),
    after: stacksIn(head.output),
    releaseTransitions: releaseTransitionViolations(
      readMeshConfig(base.config),
      readMeshConfig(head.config),
      now,
    ),
  };
  const reviews = reviewComparison(comparison, undefined)
    .map((review): Review => ({ ...review, flags: review.flags.filter(({ id }) => FLAGS.includes(id)) }))
    .filter(({ flags }) => flags.length > 0);
  return {
    lines: reviews.flatMap(({ environment, flags }) =>
      flags.map(({ id, severity }) => `${environment}: ${severity} ${id}`),
    ),
    markdown: reviews.length === 0 ? '' : renderRisks(reviews),
  };
}

function stacksIn(folder: string): Map<string, SynthesizedJson> {
  return new Map(
    stackIds(folder).map((id) => [
      id,
      JSON.parse(readFileSync(join(folder, 'stacks', id, 'cdk.tf.json'), 'utf8')) as SynthesizedJson,
    ]),
  );
}
