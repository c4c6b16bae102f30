import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whose token the plugin prints. */
export const TOKEN_VARIABLE = 'LAB_CLUSTER_TOKEN';

/**
 * Stands in for `gke-gcloud-auth-plugin`, which the stacks call for a token: prints the one it finds in its
 * environment.
 *
 * @returns folder to put on the PATH
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
