// Checks the licence of every dependency in the SBOMs. Fails on a licence that is not accepted.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { billsOfMaterials } from './sbom.mjs';

const { accepted, exceptions } = parse(readFileSync('.ci/licences.yaml', 'utf8'));
const unused = new Set(exceptions.map(({ name }) => name));

try {
  let violations = 0;
  for (const { name, text } of billsOfMaterials()) {
    const { components } = JSON.parse(text);
    const notAccepted = components.filter((component) => !isAccepted(component));
    for (const component of notAccepted)
      console.error(
        `${component.name}@${component.version}: ${licenceOf(component) ?? 'no licence declared'}`,
      );
    console.log(`${name}: ${components.length} components, ${notAccepted.length} not accepted`);
    violations += components.length === 0 ? 1 : notAccepted.length;
  }
  for (const name of unused) console.error(`the exception for ${name} is unused; remove it`);
  process.exitCode = violations + unused.size > 0 ? 1 : 0;
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

/** `(MIT OR CC0-1.0)`: either licence may be chosen. */
function alternatives(expression) {
  return expression.replace(/[()]/g, '').split(' OR ');
}
