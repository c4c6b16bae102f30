/** Which committed lock of Terraform's providers belongs to a stack. */

/** What Terraform looks for beside the configuration. */
export const LOCK_FILE = '.terraform.lock.hcl';

/** Folder of the committed locks, in the root of the repository. */
export const LOCKS_FOLDER = 'locks';

/** As much of a stack's JSON as says which providers it wants. */
export interface Requirements {
  readonly terraform?: { readonly required_providers?: Readonly<Record<string, unknown>> };
}

/**
 * `google-kubernetes.hcl`: named after the providers, since Terraform refuses a lock that holds one more than the stack
 * wants, and stacks of one kind differ in that (only some environments have Kiali, and with it Helm).
 *
 * @returns undefined where there is nothing to lock
 */
export function lockNameOf({ terraform }: Requirements): string | undefined {
  const providers = Object.keys(terraform?.required_providers ?? {}).sort();
  return providers.length === 0 ? undefined : `${providers.join('-')}.hcl`;
}
