// Pushes a branch with a release file: node .ci/push-release.mjs <folder with outcome.json and <environment>.yaml>
// Run in a clone of the repository. GITHUB_TOKEN, if set, is sent to origin in a header and stored nowhere.
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './github.mjs';
import { branchOf, titleOf } from './release-texts.mjs';

const [folder] = process.argv.slice(2);

try {
  if (!folder) throw new Error('usage: push-release.mjs <folder with outcome.json>');
  const outcome = JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8'));
  const path = join(process.env.MESH_CONFIG ?? 'mesh-config', 'releases', `${outcome.environment}.yaml`);
  copyFileSync(join(folder, `${outcome.environment}.yaml`), path);
  if (git('status', '--porcelain', '--', path) === '') {
    console.log('the release file has not changed; nothing to push');
  } else {
    const branch = branchOf(outcome);
    git('switch', '--quiet', '--force-create', branch);
    git('add', '--', path);
    git('commit', '--quiet', `--message=${titleOf(outcome)}`);
    // The branch is named after the digest: another push of it has the same content.
    git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
    console.log(`pushed ${branch}`);
  }
} catch (error) {
  fail(error);
}

function git(...args) {
  const token = process.env.GITHUB_TOKEN;
  const login = token && Buffer.from(`x-access-token:${token}`).toString('base64');
  const settings = {
    'user.name': 'release',
    'user.email': 'release@users.noreply.github.com',
    ...(login && { 'http.extraHeader': `AUTHORIZATION: basic ${login}` }),
  };
  // In the environment, because arguments are visible to other processes.
  const config = Object.fromEntries(
    Object.entries(settings).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  );
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...config, GIT_CONFIG_COUNT: String(Object.keys(settings).length) },
    }).trim();
  } catch (error) {
    throw new Error(
      `git ${args[0]} failed: ${String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1)}; check the permissions of the job and the protection of the branch`,
    );
  }
}
