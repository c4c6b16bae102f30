/** The baseline: synthesizes the resources of stacks again, by a plain loop over cdktf's classes. */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, type TerraformElement } from 'cdktf';
import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';
import type { Construct } from 'constructs';
import { load, moduleOf } from './provider-modules';

// As in `stacks/`: call stacks of tokens are an eighth of the time.
Object.assign(stackTrace, { captureStackTrace: () => [] });

type Json = Record<string, unknown>;
type ElementClass = new (scope: Construct, id: string, config: never) => TerraformElement;

interface StackJson {
  readonly provider: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

const [, , synthesized = '', outdir = ''] = process.argv;
mkdirSync(outdir, { recursive: true });
const app = new App({ outdir });
for (const id of readdirSync(join(synthesized, 'stacks'))) {
  const file = join(synthesized, 'stacks', id, 'cdk.tf.json');
  addStack(id, JSON.parse(readFileSync(file, 'utf8')) as StackJson);
}
app.synth();

function addStack(id: string, { provider, resource = {}, data = {} }: StackJson): void {
  const stack = new TerraformStack(app, id);
  for (const name of Object.keys(provider)) create(stack, 'provider', name, name, {});
  for (const [section, types] of [
    ['resource', resource],
    ['data', data],
  ] as const)
    for (const [type, named] of Object.entries(types))
      for (const [name, { '//': _metadata, ...config }] of Object.entries(named))
        create(stack, section, type, `${section}-${type}-${name}`, config);
}

function create(
  stack: TerraformStack,
  section: 'provider' | 'resource' | 'data',
  type: string,
  id: string,
  config: Json,
): void {
  const found = moduleOf(section, type);
  // terraform_data and remote states are a handful, without a class of a provider.
  if (found === undefined) return;
  const Element = (load(found.path) as Record<string, ElementClass>)[found.className];
  if (Element === undefined) throw new Error(`${found.path} has no class ${found.className}`);
  const { depends_on: dependsOn = [], lifecycle, provider: _provider, ...own } = config;
  const created = new Element(stack, id, {
    ...(type === 'kubernetes_manifest'
      ? { manifest: own['manifest'], fieldManager: { name: 'terraform', forceConflicts: true } }
      : (camelCased(own) as object)),
    ...(lifecycle !== undefined && { lifecycle: camelCased(lifecycle) }),
  } as never);
  if (section === 'resource') Object.assign(created, { dependsOn });
}

/** Terraform's argument names in cdktf's spelling. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
