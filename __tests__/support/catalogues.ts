/** The fixture catalogues: whole shops on which the platform's own tests run. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '../../model/catalogue/load';
import type { Catalogue, Environment } from '../../model/environment';
import { TODAY } from './catalogue-fixture';

const FOLDER = join(__dirname, '..', 'catalogues');

/** The customer's shop as drawn: canary, card payments, Standard clusters, AlloyDB; dev, staging and prod. */
export const REFERENCE_SHOP = join(FOLDER, 'reference-shop');

/**
 * A small shop without canary, third parties and secrets, on Autopilot with Cloud SQL; trial and live, and pilot, where
 * nothing is released yet.
 */
export const BOOKSTORE = join(FOLDER, 'bookstore');

/** The reference shop. */
export const shop = loadCatalogue(REFERENCE_SHOP, TODAY);

/** The bookstore. */
export const bookstore = loadCatalogue(BOOKSTORE, TODAY);

/** Every environment of every fixture catalogue with its title, for `describe.each`. */
export const FIXTURE_ENVIRONMENTS: readonly (readonly [string, Environment])[] = [
  ...titled('reference shop', shop),
  ...titled('bookstore', bookstore),
];

/** @throws Error if the reference shop has no such environment */
export function environmentNamed(name: string): Environment {
  const found = shop.environments.find((environment) => environment.name === name);
  if (!found) throw new Error(`no environment '${name}'`);
  return found;
}

/** Environments with a title such as `bookstore live`. */
export function titled(name: string, { environments }: Catalogue): (readonly [string, Environment])[] {
  return environments.map((environment) => [`${name} ${environment.name}`, environment]);
}

/** Copies the reference shop with prod only, which then cannot be promoted to. */
export function copyWithProdOnly(folder: string): void {
  cpSync(REFERENCE_SHOP, folder, { recursive: true });
  for (const name of ['dev', 'staging'])
    for (const kind of ['environments', 'releases']) rmSync(join(folder, kind, `${name}.yaml`));
  const prod = join(folder, 'environments', 'prod.yaml');
  writeFileSync(prod, readFileSync(prod, 'utf8').replace(/^promotion: .*\n/m, ''));
}
