import { pipelineAccountEmail, type PipelineAccount } from '../../model/naming';

export type CommandLine = readonly [string, ...string[]];

export interface BootstrapStep {
  readonly command: CommandLine;
  /** Makes something that an earlier run may have made: "already exists" is then as good as success. */
  readonly mayExist: boolean;
}

/** A command that Google itself takes twice. */
export function step(...command: CommandLine): BootstrapStep {
  return { command, mayExist: false };
}

export function create(...command: CommandLine): BootstrapStep {
  return { command, mayExist: true };
}

export type Account = PipelineAccount;
export const accountOf = pipelineAccountEmail;
