/** A copy of the catalogue with a second canary, in a service that the first one calls, and a fixed start of the first. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** Earlier incidents are not about the release. */
export const STARTED_AT = '2026-01-15T12:00:00Z';
export const STARTED_SECONDS = Date.parse(STARTED_AT) / 1_000;

/** @returns the folder of the changed catalogue */
export function writeVariant(source: string, folder: string, environments: readonly string[]): string {
  const config = join(folder, 'mesh-config');
  cpSync(source, config, { recursive: true });
  // Steps that the request rate of every environment allows.
  change(join(config, 'services', 'cart.yaml'), { canary: { stepsPercent: [25, 50, 100] } });
  for (const kind of ['environments', 'releases'])
    for (const file of readdirSync(join(config, kind)))
      if (!environments.includes(file.replace(/\.yaml$/, ''))) rmSync(join(config, kind, file));
  for (const environment of environments) {
    endPromotion(join(config, 'environments', `${environment}.yaml`), environments);
    const file = join(config, 'releases', `${environment}.yaml`);
    change(file, { 'services.checkout.canary.startedAt': STARTED_AT });
    change(file, {
      'services.cart.images.v2': withDigest(file, 'cart', `sha256:${'1'.repeat(64)}`),
      'services.cart.canary': { version: 'v2', weightPercent: 25 },
    });
  }
  return config;
}

/** Images are promoted from an environment of the copy, or not at all. */
function endPromotion(file: string, environments: readonly string[]): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  if (environments.includes(String(document.getIn(['promotion', 'from'])))) return;
  document.deleteIn(['promotion']);
  writeFileSync(file, document.toString());
}

/** Another image of a service, in the registry of its stable version; production rejects any other registry. */
function withDigest(releaseFile: string, service: string, digest: string): string {
  const image = parseDocument(readFileSync(releaseFile, 'utf8')).getIn(['services', service, 'images', 'v1']);
  const [repository] = typeof image === 'string' ? image.split('@') : [`registry.example/shop/${service}`];
  return `${repository}@${digest}`;
}

export function change(file: string, values: Readonly<Record<string, unknown>>): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  for (const [path, value] of Object.entries(values)) document.setIn(path.split('.'), value);
  writeFileSync(file, document.toString());
}
