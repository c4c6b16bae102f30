/** The Kubernetes objects of the synthesized JSON, as the API server would get them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { withCommittedWeights } from '../../model/canary/split';
import { selectStacks } from '../synthesized-stacks';

export interface StackJson {
  readonly id: string;
  readonly json: {
    readonly locals?: Readonly<Record<string, unknown>>;
    readonly resource?: {
      readonly kubernetes_manifest?: Readonly<Record<string, { readonly manifest: unknown }>>;
    };
  };
}

/** The stacks of an environment, or the one named, sorted by id. */
export function readStacks(outputFolder: string, environment: string, stack?: string): StackJson[] {
  return selectStacks(outputFolder, environment, stack === undefined ? [] : [stack])
    .map(({ id, folder }) => ({
      id,
      json: JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as StackJson['json'],
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface SynthesizedManifest {
  /** Terraform address in its stack: `kubernetes_manifest.checkout_virtual_service`. */
  readonly address: string;
  /** Id of the stack. */
  readonly stack: string;
  /** The object as the API server would get it, canary weights as committed. */
  readonly manifest: unknown;
}

/** Stack by stack, sorted by address. */
export function manifestsOf(stacks: readonly StackJson[]): SynthesizedManifest[] {
  return stacks.flatMap(({ id, json }) =>
    Object.entries(json.resource?.kubernetes_manifest ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { manifest }]) => ({
        address: `kubernetes_manifest.${name}`,
        stack: id,
        manifest: withoutEscapes(withCommittedWeights(manifest, json.locals)),
      })),
  );
}

/** One YAML document an object, each under its Terraform address. */
export function renderManifests(stacks: readonly StackJson[]): string {
  return manifestsOf(stacks)
    .map(({ address, stack, manifest }) => `# ${stack} ${address}\n${renderYaml(manifest)}`)
    .join('---\n')
    .trimEnd();
}

/** Kubernetes reads YAML 1.1, where a plain `on` is a boolean; the writer quotes what either version would. */
function renderYaml(manifest: unknown): string {
  return stringify(manifest, { version: '1.1', lineWidth: 0 });
}

function withoutEscapes(value: unknown): unknown {
  if (typeof value === 'string') return unescaped(value);
  if (Array.isArray(value)) return value.map(withoutEscapes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [unescaped(key), withoutEscapes(inner)]),
  );
}

/** Terraform writes a literal `${` as `$${`, and `%{` as `%%{`. */
function unescaped(text: string): string {
  return text.replace(/([$%])\1\{/g, '$1{');
}
