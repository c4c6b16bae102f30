/** What a rule is: a property of a resolved environment that an expert would check by hand. */
import type { Environment } from '../environment';
import type { SourceKind } from '../source/read-folder';
import type { Path } from '../source/yaml-document';

export type RuleSeverity = 'error' | 'warning';

/** One place where a rule does not hold. */
export interface RuleViolation {
  /** Kind of the file whose author can put it right. */
  readonly kind: SourceKind;
  /** Name of that file without extension: a service, an external, an environment. */
  readonly name: string;
  /** Offending value inside the file. A value that the environment overrides is found there. */
  readonly path: Path;
  /** What is wrong, with its figures and units, without the remedy: `4 tries of 2000 ms outlast timeoutMs 6000`. */
  readonly message: string;
  /** What to do here, when the figures allow more than the rule's own remedy. */
  readonly fix?: string;
}

/** What `npx mesh rules` says of a rule, and of a check of the last gate. */
export interface RuleFacts {
  /** Group and number, never reused: `RES-004`. */
  readonly id: string;
  /** At most eight words. */
  readonly title: string;
  /** An error stops synth; a warning is told and counted. */
  readonly severity: RuleSeverity;
  /** One sentence: what happens in production when it is broken. */
  readonly rationale: string;
  /** Where the behaviour is documented or was measured. */
  readonly source: string;
  /** What an author does about it, in general. */
  readonly fix: string;
}

/** One expert rule over the catalogue, in a file of its own. */
export interface Rule extends RuleFacts {
  /**
   * Pure: the same environment gives the same violations.
   *
   * @param all every environment of the catalogue, for the few rules that compare them
   */
  check(environment: Environment, all: readonly Environment[]): readonly RuleViolation[];
}
