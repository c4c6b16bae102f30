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

/** `plan` reads everything but secrets; `apply` changes what the stacks hold. */
export type Account = 'plan' | 'apply';

export function accountOf(account: Account, projectId: string): string {
  return `mesh-${account}@${projectId}.iam.gserviceaccount.com`;
}
