// Builds a pinned Go program into a cache that lasts from run to run, and says where it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function goTool(packagePath, version) {
  // A module's major version ends its path: its program is named by the part before.
  const name = packagePath
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(caches, 'retail-service-mesh', `${name}-${version}`);
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;

  console.error(`building ${name} ${version}`);
  const { error, status } = spawnSync('go', ['install', `${packagePath}@${version}`], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error || status !== 0) throw new Error(`${name} could not be built; install Go 1.24 or newer`);
  return binary;
}
