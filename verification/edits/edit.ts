/** One change of a catalogue as a person or a pipeline makes it, with its expected outcome, written before it is tried. */
import type { CatalogueFolder } from './catalogue-folder';

export type Author = 'service team' | 'platform team' | 'operations' | 'machine';

/** The shop in which an edit is made. */
export interface WorkingShop {
  readonly catalogue: CatalogueFolder;
  /**
   * Runs `mesh release <args>` at the time of the edit.
   *
   * @throws Error with its message
   */
  readonly release: (...args: readonly string[]) => Promise<void>;
  /**
   * Runs `mesh canary <args>` at the time of the edit. Metrics and cluster report what a healthy release reports.
   *
   * @throws Error with its message
   */
  readonly canary: (...args: readonly string[]) => Promise<void>;
}

/** What `mesh diff` and `mesh review` must report about one environment. */
export interface ExpectedReview {
  /** Kinds of the stacks that `npm run changed` names, in the order of their apply. */
  readonly stacks: readonly string[];
  /** `subject: text`, every headline. */
  readonly headlines: readonly string[];
  /** Ids, most severe first. @default none */
  readonly flags?: readonly string[];
}

export interface CatalogueEdit {
  /** Subject of its commit. */
  readonly name: string;
  readonly by: Author;
  /** Time of the commit, RFC 3339. */
  readonly at: string;
  readonly apply: (shop: WorkingShop) => Promise<void> | void;
  /** Message of the command that refuses the edit; the catalogue is then unchanged. @default no command refuses it */
  readonly command?: RegExp;
  /** Violations that `mesh validate` must report, each once, and no other. @default none */
  readonly refused?: readonly RegExp[];
  /** Violations that `mesh release check` must report, each once, and no other. @default none */
  readonly releases?: readonly RegExp[];
  /** By environments, such as `dev staging`. Every other environment is unchanged. @default no review, it is refused */
  readonly reviews?: Readonly<Record<string, ExpectedReview>>;
  /** Also tested by the commands of a working copy, `verify edits commands`. @default false */
  readonly inWorkingCopy?: true;
  /** The label `critical-accepted` is set, with this reason. @default no label: a critical risk is not merged */
  readonly accepted?: string;
}

/** A shop and its edits, oldest first. */
export interface Year {
  readonly shop: string;
  /** Fixture catalogue before the first edit. */
  readonly fixture: string;
  /** Time of the commit that adds the fixture. */
  readonly since: string;
  readonly edits: readonly CatalogueEdit[];
}

export type EditVerdict = 'merged' | 'merged with critical-accepted' | 'not merged';

/** What the pipeline decides if everything is as expected; `critical` says whether a flag of the reviews is. */
export function expectedVerdict(
  { command, refused = [], releases = [], accepted }: CatalogueEdit,
  critical: boolean,
): EditVerdict {
  if (command !== undefined || refused.length > 0 || releases.length > 0) return 'not merged';
  if (!critical) return 'merged';
  return accepted === undefined ? 'not merged' : 'merged with critical-accepted';
}
