/** Which committed lock file of Terraform providers belongs to a stack. */

/** Name that Terraform expects in the folder of the configuration. */
export const LOCK_FILE = '.terraform.lock.hcl';

/** Folder of the committed lock files, relative to the root of the repository. */
export const LOCKS_FOLDER = 'locks';

/** The part of a stack's JSON that lists its providers. */
export interface Requirements {
  readonly terraform?: { readonly required_providers?: Readonly<Record<string, unknown>> };
}

/**
 * `google-kubernetes.hcl`: named after the providers, not the stack. Terraform rejects a lock file with an unused
 * provider, and the providers of a stack differ between environments (only Kiali needs Helm).
 *
 * @returns undefined for a stack without providers
 */
export function lockNameOf({ terraform }: Requirements): string | undefined {
  const providers = Object.keys(terraform?.required_providers ?? {}).sort();
  return providers.length === 0 ? undefined : `${providers.join('-')}.hcl`;
}
