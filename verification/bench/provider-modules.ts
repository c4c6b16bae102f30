/** Which module of cdktf's providers has the class of a Terraform type. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Modules whose names are known at run time only. */
export const load = createRequire(__filename);

export type TerraformSection = 'provider' | 'resource' | 'data';

export interface ProviderModule {
  readonly path: string;
  readonly className: string;
}

/** @returns undefined for types that Terraform itself has */
export function moduleOf(section: TerraformSection, type: string): ProviderModule | undefined {
  const [provider = '', ...words] = type.split('_');
  if (provider === 'terraform') return undefined;
  const name = [...(section === 'data' ? ['data', provider] : []), ...words];
  const own = section === 'provider' ? ['provider'] : name;
  const path = `@cdktf/provider-${provider}/lib/${own.join('-')}`;
  const className =
    section === 'provider' ? `${capitalized(provider)}Provider` : own.map(capitalized).join('');
  return { path, className };
}

/** Modules of every provider, resource and data source of the stacks, once each. */
export function modulesOf(synthesized: string): string[] {
  const stacks = join(synthesized, 'stacks');
  const paths = readdirSync(stacks).flatMap((id) => {
    const file = join(stacks, id, 'cdk.tf.json');
    if (!existsSync(file)) return [];
    const json = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<TerraformSection, object>>;
    return (['provider', 'resource', 'data'] as const).flatMap((section) =>
      Object.keys(json[section] ?? {}).map((type) => moduleOf(section, type)?.path),
    );
  });
  return [...new Set(paths.filter((path) => path !== undefined))].sort();
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
