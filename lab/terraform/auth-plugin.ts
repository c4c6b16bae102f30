import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for `gke-gcloud-auth-plugin`, which the stacks call for a token: prints one of the lab's.
 *
 * @returns folder to put on the PATH
 */
export function writeAuthPlugin(folder: string, token: string): string {
  const programs = join(folder, 'bin');
  mkdirSync(programs, { recursive: true });
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    kind: 'ExecCredential',
    status: { token },
  };
  writeFileSync(
    join(programs, 'gke-gcloud-auth-plugin'),
    `#!/bin/sh\ncat <<'CREDENTIAL'\n${JSON.stringify(credential)}\nCREDENTIAL\n`,
    { mode: 0o700 },
  );
  return programs;
}
