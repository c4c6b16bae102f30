import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { withCommittedWeights } from '../../model/canary/split';
import type { Environment } from '../../model/environment';
import { addEnvironment } from '../../stacks';

export interface KubernetesJson {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // The type depends on the kind.
  readonly spec: any;
}

export interface StackJson {
  readonly resource?: Record<string, Record<string, any>>;
  readonly data?: Record<string, Record<string, any>>;
  readonly output?: Record<string, any>;
  readonly locals?: Record<string, any>;
  readonly terraform: any;
  readonly provider: any;
}

/** Output of `app.synth()`, by stack id. cdktf's test helpers leave references unresolved. */
export function synth(build: (app: Construct) => void): ReadonlyMap<string, StackJson> {
  const outdir = mkdtempSync(join(tmpdir(), 'mesh-synth-'));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    const stacks = join(outdir, 'stacks');
    return new Map(
      readdirSync(stacks).map((id) => {
        const text = readFileSync(join(stacks, id, 'cdk.tf.json'), 'utf8');
        return [id, withoutMetadata(JSON.parse(text)) as StackJson];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** cdktf's version and the constructs' paths are not deployed. */
function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === '//' ? [] : [[key, withoutMetadata(inner)]])),
  );
}

/** Stacks of an environment. Test files of one run of jest share them: equal environments are synthesized once. */
export function synthEnvironment(environment: Environment): ReadonlyMap<string, StackJson> {
  const folder = process.env['JEST_RUN_FOLDER'];
  const create = () => synth((app) => addEnvironment(app, environment));
  if (folder === undefined) return create();
  const file = join(folder, `${createHash('sha256').update(serialize(environment)).digest('hex')}.json`);
  if (!existsSync(file)) {
    // Two workers may create it at the same time. The rename is atomic, and either result is valid.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify([...create()]));
    renameSync(draft, file);
  }
  return new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, StackJson][]);
}

/** Every Kubernetes object of a stack, by Terraform address, with its committed weights. */
export function objectsOf(stack: StackJson | undefined): ReadonlyMap<string, KubernetesJson> {
  const manifests = Object.entries(stack?.resource?.['kubernetes_manifest'] ?? {});
  return new Map(
    manifests.map(([address, { manifest }]) => [
      address,
      withCommittedWeights(manifest, stack?.locals) as KubernetesJson,
    ]),
  );
}

export function objectsOfKind(stack: StackJson | undefined, kind: string): KubernetesJson[] {
  return [...objectsOf(stack).values()].filter((object) => object.kind === kind);
}

/** `type.name` of every resource, sorted. */
export function addressesOf(stack: StackJson | undefined): string[] {
  return Object.entries(stack?.resource ?? {})
    .flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`))
    .sort();
}

/** `namespace/name` of each object. */
export function namespacedNames(
  objects: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[],
): string[] {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
