// Which packages want to run a program while they are installed; fails on one that nobody has decided on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const { packages: decided } = parse(readFileSync('.ci/install-scripts.yaml', 'utf8'));
const locks = execFileSync('git', ['ls-files', '-z', '*package-lock.json'], { encoding: 'utf8' })
  .split('\0')
  .filter(Boolean);
const faults = [];

if (locks.length === 0) faults.push('there is no package-lock.json; install and commit it');
if (!/^ignore-scripts=true$/m.test(readFileSync('.npmrc', 'utf8')))
  faults.push('.npmrc must say ignore-scripts=true, or every package runs what it likes');

const found = new Set();
for (const lock of locks) {
  for (const [path, entry] of Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages)) {
    const name = path.split('node_modules/').at(-1);
    // The lock notes scripts; and a package from elsewhere than the registry is built by scripts as well.
    if (!entry.hasInstallScript && !/^(git|file|https?:\/\/codeload)/.test(entry.resolved ?? '')) continue;
    found.add(name);
    const decision = decided.find((candidate) => candidate.name === name);
    if (decision === undefined)
      faults.push(
        `${lock}: ${name} ${entry.version} has an install script; decide on it in .ci/install-scripts.yaml`,
      );
    else if (!decision.reason) faults.push(`.ci/install-scripts.yaml: ${name} has no reason`);
  }
}
for (const { name } of decided)
  if (!found.has(name)) faults.push(`.ci/install-scripts.yaml: ${name} has no install script; remove it`);

for (const fault of faults) console.error(fault);
console.log(
  `${locks.length} lock files: ${found.size} packages with install scripts, ${faults.length} faults`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
