/** The Kubernetes objects of the synthesized JSON, as the API server would get them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { STACK_NAMES, stackId } from '../../model/naming';
import { choices } from '../../model/source/suggest';
import { UsageError } from '../usage-error';

export interface SynthesizedStack {
  readonly id: string;
  readonly json: {
    readonly resource?: {
      readonly kubernetes_manifest?: Readonly<Record<string, { readonly manifest: unknown }>>;
    };
  };
}

/** cdktf's list of what the last synth wrote; folders of earlier ones may still lie beside it. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string }>>;
}

/** The stacks of an environment, or the one named, sorted by id. */
export function readStacks(outputFolder: string, environment: string, stack?: string): SynthesizedStack[] {
  const list = join(outputFolder, 'manifest.json');
  const { stacks } = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Manifest) : { stacks: {} };
  const names = Object.keys(stacks)
    .filter((id) => isStackOf(environment, id))
    .map((id) => id.slice(environment.length + 1))
    .sort();
  if (names.length === 0)
    throw new UsageError(`'${outputFolder}' holds no stack of '${environment}'; run 'npm run synth' first`);
  if (stack !== undefined && !names.includes(stack))
    throw new UsageError(`'${stack}' is no stack of '${environment}'; ${choices(stack, names)}`);
  return names
    .filter((name) => stack === undefined || name === stack)
    .map((name) => {
      const id = `${environment}-${name}`;
      const path = join(outputFolder, stacks[id]?.synthesizedStackPath ?? '');
      return { id, json: JSON.parse(readFileSync(path, 'utf8')) as SynthesizedStack['json'] };
    });
}

/** Names of environments may hold hyphens too, so `dev-` alone could also begin a stack of `dev-eu`. */
function isStackOf(environment: string, id: string): boolean {
  return STACK_NAMES.some((name) => {
    const own = stackId(environment, name);
    return id === own || id.startsWith(`${own}-`);
  });
}

/** One YAML document an object, each under its Terraform address. */
export function renderManifests(stacks: readonly SynthesizedStack[]): string {
  return stacks
    .flatMap(({ id, json }) =>
      Object.entries(json.resource?.kubernetes_manifest ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { manifest }]) => `# ${id} kubernetes_manifest.${name}\n${renderYaml(manifest)}`),
    )
    .join('---\n')
    .trimEnd();
}

/** Kubernetes reads YAML 1.1, where a plain `on` is a boolean; the writer quotes what either version would. */
function renderYaml(manifest: unknown): string {
  return stringify(withoutEscapes(manifest), { version: '1.1', lineWidth: 0 });
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
