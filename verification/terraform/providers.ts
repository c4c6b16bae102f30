import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../support/errors';

/** Many stacks want the same providers, which come once if Terraform may keep them; a cache of the user's stays. */
export function providerCache(folder: string): Readonly<Record<string, string>> {
  if (process.env['TF_PLUGIN_CACHE_DIR'] !== undefined) return {};
  const cache = join(folder, 'providers');
  mkdirSync(cache, { recursive: true });
  return {
    TF_PLUGIN_CACHE_DIR: cache,
    // There are no locks to be spoilt in copies of the stacks.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
  };
}

/** @throws LabError in place of a page of Terraform's, if it is the providers that are missing */
export function explainProviders(error: unknown): never {
  const message = error instanceof Error ? error.message : '';
  if (/Failed to (query available provider packages|install provider)/.test(message))
    throw new LabError(
      'Terraform cannot have its providers; let it reach a registry, or name a mirror in the file that TF_CLI_CONFIG_FILE names',
    );
  throw error;
}
