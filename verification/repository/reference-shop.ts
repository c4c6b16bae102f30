/** `mesh-config/` is the reference shop until it becomes the shop of an adopter. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { log } from '../support/teardown';
import { LabError } from '../support/errors';

const CATALOGUE = 'mesh-config';
const FIXTURE = join('__tests__', 'catalogues', 'reference-shop');
/** While it exists, the catalogue is the reference shop. `mesh init` does not write it. */
const MARKER = join(CATALOGUE, 'REFERENCE-SHOP.md');
/** Written by people. Machines write releases. */
const COMPARED = ['mesh.yaml', 'services', 'external', 'environments'];

/**
 * Compares the catalogue with the fixture on which the platform is tested. Release files may differ.
 *
 * @param write copies the catalogue to the fixture instead of comparing
 * @throws LabError with every file that differs
 */
export function checkReferenceShop({ write = false }: { readonly write?: boolean }): void {
  if (!existsSync(MARKER)) return log(`${CATALOGUE} is a shop of its own: ${MARKER} does not exist`);
  if (write) return copyToFixture();
  const different = differentFiles();
  if (different.length === 0) return log(`${CATALOGUE} is the reference shop`);
  throw new LabError(
    [
      `${CATALOGUE} is marked as the reference shop and differs from ${FIXTURE}: ${different.join(', ')}`,
      `your own shop: delete ${MARKER}`,
      "a change of the reference shop: run 'npm run verify -- reference-shop --write' and commit the fixture",
    ].join('\n'),
  );
}

function copyToFixture(): void {
  for (const name of COMPARED) {
    rmSync(join(FIXTURE, name), { recursive: true, force: true });
    if (existsSync(join(CATALOGUE, name)))
      cpSync(join(CATALOGUE, name), join(FIXTURE, name), { recursive: true });
  }
}

function differentFiles(): string[] {
  const [own, fixture] = [filesOf(CATALOGUE), filesOf(FIXTURE)];
  return [...new Set([...own.keys(), ...fixture.keys()])]
    .filter((name) => own.get(name) !== fixture.get(name))
    .sort();
}

/** Texts by path below the folder. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  return new Map(
    COMPARED.map((name) => join(folder, name))
      .filter((path) => existsSync(path))
      .flatMap((path) =>
        statSync(path).isDirectory() ? readdirSync(path).map((file) => join(path, file)) : [path],
      )
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );
}
