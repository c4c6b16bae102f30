// Reads the licences of every dependency from the bills of materials; fails on one that was not agreed to.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { billsOfMaterials } from './sbom.mjs';

const { accepted, exceptions } = parse(readFileSync('.ci/licences.yaml', 'utf8'));
const unused = new Set(exceptions.map(({ name }) => name));

try {
  let faults = 0;
  for (const { name, text } of billsOfMaterials()) {
    const { components } = JSON.parse(text);
    const refused = components.filter((component) => !isAccepted(component));
    for (const component of refused)
      console.error(
        `${component.name}@${component.version}: ${licenceOf(component) ?? 'no licence is stated'}`,
      );
    console.log(`${name}: ${components.length} components, ${refused.length} refused`);
    faults += components.length === 0 ? 1 : refused.length;
  }
  for (const name of unused) console.error(`the exception for ${name} is not needed; remove it`);
  process.exitCode = faults + unused.size > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

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
