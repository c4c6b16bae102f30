/** Rules: properties of a resolved environment that an expert would otherwise review by hand. */
import type { Environment } from '../environment';
import type { SourceKind } from '../source/read-folder';
import type { Path } from '../source/yaml-document';

export type RuleSeverity = 'error' | 'warning';

/** One place that violates a rule. */
export interface RuleViolation {
  /** Kind of the file to fix. */
  readonly kind: SourceKind;
  /** Name of the file without extension. */
  readonly name: string;
  /** Path of the offending value. If the environment overrides it, the violation is reported there. */
  readonly path: Path;
  /** What is wrong, with values and units, without the fix: `4 attempts of 2000 ms exceed timeoutMs 6000`. */
  readonly message: string;
  /** Fix for this place, if it can be more specific than the rule's. */
  readonly fix?: string;
}

/** Documentation of a rule or of a check of the synth gate. `npx mesh rules` prints it. */
export interface RuleFacts {
  /** Group and number, never reused: `RES-004`. */
  readonly id: string;
  /** At most eight words. */
  readonly title: string;
  /** An error stops synth, a warning is only reported. */
  readonly severity: RuleSeverity;
  /** One sentence: the consequence of a violation in production. */
  readonly rationale: string;
  /** URL or file that documents the behaviour. */
  readonly source: string;
  /** General fix. */
  readonly fix: string;
}

/** One rule over the catalogue. */
export interface Rule extends RuleFacts {
  /**
   * Pure: the same environment gives the same violations.
   *
   * @param all every environment of the catalogue, for rules that compare environments
   */
  check(environment: Environment, all: readonly Environment[]): readonly RuleViolation[];
}
