// Lists packages with install scripts. Fails on a package without a decision in .ci/install-scripts.yaml.
import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { parse } from 'yaml';

const { packages: decided } = parse(readFileSync('.ci/install-scripts.yaml', 'utf8'));
const { stdout: locks } = execaSync('git', ['ls-files', '*package-lock.json'], { lines: true });
const violations = [];

if (locks.length === 0) violations.push('there is no package-lock.json; create and commit it');
if (!/^ignore-scripts=true$/m.test(readFileSync('.npmrc', 'utf8')))
  violations.push(
    '.npmrc needs ignore-scripts=true; otherwise every package can run code when it is installed',
  );

const found = new Set();
for (const lock of locks) {
  for (const [path, entry] of Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages)) {
    const name = path.split('node_modules/').at(-1);
    // The lock marks packages with scripts; a package from outside of the registry is built by scripts as well.
    if (!entry.hasInstallScript && !/^(git|file|https?:\/\/codeload)/.test(entry.resolved ?? '')) continue;
    found.add(name);
    const decision = decided.find((candidate) => candidate.name === name);
    if (decision === undefined)
      violations.push(
        `${lock}: ${name} ${entry.version} has an install script; decide on it in .ci/install-scripts.yaml`,
      );
    else if (!decision.reason) violations.push(`.ci/install-scripts.yaml: ${name} has no reason`);
  }
}
for (const { name } of decided)
  if (!found.has(name)) violations.push(`.ci/install-scripts.yaml: ${name} has no install script; remove it`);

for (const violation of violations) console.error(violation);
console.log(
  `${locks.length} lock files: ${found.size} packages with install scripts, ${violations.length} violations`,
);
process.exitCode = violations.length > 0 ? 1 : 0;
