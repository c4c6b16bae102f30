// Builds a pinned Go program into a persistent cache and returns its path.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function goTool(packagePath, version) {
  // The path may end with the major version of the module; the program has the name before it.
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
