// Reads the licences of every dependency from the bill of materials; fails on one that was not agreed to.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const { accepted, exceptions } = parse(readFileSync('.ci/licences.yaml', 'utf8'));
const sbom = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (sbom.status !== 0) {
  console.error(`npm sbom failed; use npm 10 or newer: ${sbom.stderr}`);
  process.exit(1);
}
const { components } = JSON.parse(sbom.stdout);
const unused = new Set(exceptions.map(({ name }) => name));
const refused = components.filter((component) => !isAccepted(component));

for (const component of refused)
  console.error(`${component.name}@${component.version}: ${licenceOf(component) ?? 'no licence is stated'}`);
for (const name of unused) console.error(`the exception for ${name} is not needed; remove it`);
console.log(`${components.length} components, ${refused.length} refused`);
process.exitCode = components.length === 0 || refused.length + unused.size > 0 ? 1 : 0;

function isAccepted(component) {
  const licence = licenceOf(component);
  if (licence !== undefined && alternatives(licence).some((id) => accepted.includes(id))) return true;
  return exceptions.some(({ name }) => name === component.name) && (unused.delete(component.name) || true);
}

function licenceOf({ licenses: [first] = [] }) {
  return first?.expression ?? first?.license?.id ?? first?.license?.name;
}

/** `(MIT OR CC0-1.0)` leaves the choice to us. */
function alternatives(expression) {
  return expression.replace(/[()]/g, '').split(' OR ');
}
