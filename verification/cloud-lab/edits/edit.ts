import type { Variant } from '../../plan-fixtures/variant';
import type { CloudState } from '../engine/world';

/** What an edit of the catalogue must lead to; written before the edit is planned. */
export interface ExpectedChange {
  /** Kinds of the stacks that `npm run changed` names. */
  readonly stacks: readonly string[];
  /** `subject: text`, as `mesh review` prints them, with `*` for any text. Each matches at least one headline. */
  readonly headlines: readonly string[];
  /** Flags of the review, most severe first. */
  readonly flags: readonly string[];
  /**
   * Every changed resource matches one of these, and each matches a resource: `update kubernetes_manifest.checkout_*`.
   * Actions are those of the review.
   */
  readonly changes: readonly string[];
  /** Terraform refuses the plan with this message; nothing is applied. @default it accepts */
  readonly refused?: RegExp;
}

/** One ordinary edit and its way back to the unchanged catalogue. Both are planned, reviewed and applied. */
export interface Edit {
  readonly name: string;
  readonly change: Pick<Variant, 'edits' | 'added'>;
  readonly expected: ExpectedChange;
  readonly back: ExpectedChange;
}

/** What an operator or Google changes outside of Terraform; every stack is planned. */
export interface Operation {
  readonly name: string;
  readonly run: (world: CloudState) => void;
  readonly expected: ExpectedChange;
}

export type EditScenario = Edit | Operation;
