import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Holds the token that the plugin prints. */
export const TOKEN_VARIABLE = 'LAB_CLUSTER_TOKEN';

/**
 * Writes a replacement for `gke-gcloud-auth-plugin`, which prints the token from its environment.
 *
 * @returns folder for the PATH
 */
export function writeAuthPlugin(folder: string): string {
  const programs = join(folder, 'bin');
  mkdirSync(programs, { recursive: true });
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    kind: 'ExecCredential',
    status: { token: '%s' },
  };
  writeFileSync(
    join(programs, 'gke-gcloud-auth-plugin'),
    `#!/bin/sh\nprintf '${JSON.stringify(credential)}' "$${TOKEN_VARIABLE}"\n`,
    { mode: 0o700 },
  );
  return programs;
}
