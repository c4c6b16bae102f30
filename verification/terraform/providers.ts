import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../support/errors';

/** Makes Terraform download each provider once for all stacks. A cache that the user has configured stays in use. */
export function providerCache(folder: string): Readonly<Record<string, string>> {
  if (process.env['TF_PLUGIN_CACHE_DIR'] !== undefined) return {};
  const cache = join(folder, 'providers');
  mkdirSync(cache, { recursive: true });
  return {
    TF_PLUGIN_CACHE_DIR: cache,
    // Copies of the stacks have no locks that it could break.
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
  };
}

/** @throws LabError instead of Terraform's long message if providers are missing; other errors unchanged */
export function explainProviders(error: unknown): never {
  const message = error instanceof Error ? error.message : '';
  if (/Failed to (query available provider packages|install provider)/.test(message))
    throw new LabError(
      'Terraform cannot download its providers; give it access to a registry, or configure a mirror in the file that TF_CLI_CONFIG_FILE names',
    );
  throw error;
}
