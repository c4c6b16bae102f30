/** The Kubernetes objects of the synthesized JSON, as they are sent to the API server. */
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { withCommittedWeights } from '../../model/canary/split';
import { UsageError } from '../command-line';
import { readJsonFile } from '../json-file';
import { synthesizeInto } from '../synthesis';
import { selectStacks } from '../synthesized-stacks';
import { withFolder } from '../with-folder';

export interface StackManifests {
  readonly id: string;
  readonly json: {
    readonly locals?: Readonly<Record<string, unknown>>;
    readonly resource?: {
      readonly kubernetes_manifest?: Readonly<Record<string, { readonly manifest: unknown }>>;
    };
  };
}

/**
 * As `readStacks`, after a synthesis of the catalogue as it is now.
 *
 * @param project folder of the compiled repository
 * @param config folder of the catalogue
 */
export function currentStacks(
  project: string,
  config: string,
  environment: string,
  stack: string | undefined,
  signal: AbortSignal,
): Promise<StackManifests[]> {
  return withFolder('manifests-', async (output) => {
    const error = await synthesizeInto(output, resolve(project), config, signal, environment);
    if (error !== undefined) throw new UsageError(error);
    return readStacks(output, environment, stack);
  });
}

/** Every stack of the environment, or one of them, sorted by id. */
export function readStacks(outputFolder: string, environment: string, stack?: string): StackManifests[] {
  return selectStacks(outputFolder, environment, stack === undefined ? [] : [stack])
    .map(({ id, folder }) => ({
      id,
      json: readJsonFile<StackManifests['json']>(join(folder, 'cdk.tf.json')),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export interface SynthesizedManifest {
  /** Terraform address in its stack: `kubernetes_manifest.checkout_virtual_service`. */
  readonly address: string;
  /** Id of the stack. */
  readonly stack: string;
  /** The object with the committed canary weights. */
  readonly manifest: unknown;
}

/** Stack by stack, sorted by address. */
export function manifestsOf(stacks: readonly StackManifests[]): SynthesizedManifest[] {
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

/** One YAML document per object, headed by stack and Terraform address. */
export function renderManifests(stacks: readonly StackManifests[]): string {
  return manifestsOf(stacks)
    .map(({ address, stack, manifest }) => `# ${stack} ${address}\n${renderYaml(manifest)}`)
    .join('---\n')
    .trimEnd();
}

/** Kubernetes reads YAML 1.1, where a plain `on` is a boolean; the output reads the same in 1.1 and 1.2. */
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
