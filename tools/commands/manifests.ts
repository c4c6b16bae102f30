import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../usage-error';

interface SynthesizedStack {
  readonly resource?: {
    readonly kubernetes_manifest?: Readonly<Record<string, { readonly manifest: unknown }>>;
  };
}

/** The objects exactly as the API server would get them, each under its Terraform address. */
export function readManifests(outputFolder: string, environment: string, stack?: string): string {
  const stacks = join(outputFolder, 'stacks');
  const prefix = `${environment}-`;
  const names = existsSync(stacks)
    ? readdirSync(stacks)
        .filter((name) => name.startsWith(prefix))
        .sort()
    : [];
  if (names.length === 0)
    throw new UsageError(`'${outputFolder}' holds no stack of '${environment}'; run 'npm run synth' first`);
  const wanted = stack === undefined ? names : names.filter((name) => name === `${prefix}${stack}`);
  if (wanted.length === 0) {
    throw new UsageError(
      `'${stack}' is no stack; use one of ${names.map((name) => name.slice(prefix.length)).join(', ')}`,
    );
  }
  return wanted
    .flatMap((name) => {
      const synthesized = JSON.parse(
        readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8'),
      ) as SynthesizedStack;
      const objects = Object.entries(synthesized.resource?.kubernetes_manifest ?? {});
      return objects.map(
        ([address, { manifest }]) => `# ${name} kubernetes_manifest.${address}\n${stringify(manifest)}`,
      );
    })
    .join('---\n')
    .trimEnd();
}
