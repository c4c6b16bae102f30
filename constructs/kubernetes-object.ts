import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import type { IResolvable, IResolveContext } from 'cdktf';
import type { Construct } from 'constructs';
import './istio-schemas';
import { escapeForTerraform } from './terraform-template';

/** A typed object of `kubernetes-models`, with schema validation. */
interface Model {
  validate(): void;
  toJSON(): object;
}

/** An object of a kind without a model: Gateway API and Google's kinds. */
export interface PlainObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: object;
}

export interface KubernetesObjectOptions {
  /**
   * Objects that must exist first, such as the namespace.
   *
   * @default - none
   */
  readonly dependsOn?: readonly KubernetesObject[];
  /**
   * Replaces values by Terraform expressions, after schema validation, which would reject them.
   *
   * @default - the object is not changed
   */
  readonly replaceLeaves?: (manifest: Record<string, unknown>) => Record<string, unknown>;
  /**
   * Whether Terraform changes the objects that depend on it before it destroys this one.
   *
   * @default false: Terraform destroys first
   */
  readonly outlivesUsers?: boolean;
}

/**
 * One Kubernetes object as one `kubernetes_manifest`: a plan shows byte for byte what the API server gets. Schema
 * errors fail synth, not the apply.
 *
 * Conflicts are forced, because this repository owns the objects: a manual change is reported as drift and reverted.
 */
export class KubernetesObject extends Manifest {
  private readonly plain: Record<string, unknown>;

  constructor(
    scope: Construct,
    id: string,
    object: Model | PlainObject,
    options: KubernetesObjectOptions = {},
  ) {
    const manifest = escaped(render(object, scope, id));
    const plain = options.replaceLeaves?.(manifest) ?? manifest;
    super(scope, id, {
      manifest: new ResolvedValue(plain, `${scope.node.path}/${id}`),
      fieldManager: { name: 'terraform', forceConflicts: true },
      ...(options.outlivesUsers && { lifecycle: { createBeforeDestroy: true } }),
    });
    this.plain = plain;
    // By address: creating a token for each dependency is slow in large meshes.
    if (options.dependsOn) this.dependsOn = options.dependsOn.map((object) => object.address);
  }

  /** cdktf merges overrides into plain values only, so the resolvable is replaced by the plain manifest. */
  override addOverride(path: string, value: unknown): void {
    this.manifest = this.plain;
    super.addOverride(path, value);
  }

  private get address(): string {
    return `${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }
}

function render(object: Model | PlainObject, scope: Construct, id: string): Record<string, unknown> {
  if (!('validate' in object)) return { ...object };
  try {
    object.validate();
  } catch (error) {
    throw new Error(`${scope.node.path}/${id}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return object.toJSON() as Record<string, unknown>;
}

/** Texts of the catalogue may contain `${` or `%{`, which Terraform would evaluate as a template. */
function escaped(manifest: Record<string, unknown>): Record<string, unknown> {
  return /[$%]\{/.test(JSON.stringify(manifest))
    ? (withEscapes(manifest) as Record<string, unknown>)
    : manifest;
}

function withEscapes(value: unknown): unknown {
  if (typeof value === 'string') return escapeForTerraform(value);
  if (Array.isArray(value)) return value.map(withEscapes);
  // A token is refused later.
  if (typeof value !== 'object' || value === null || 'resolve' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [escapeForTerraform(key), withEscapes(inner)]),
  );
}

/** Tokens in strings, lists and maps; in objects; and in numbers, which are huge negatives. */
const TOKEN = /TfToken\[|"<unresolved-|\de\+2[89]\d/;

/**
 * A value without tokens that cdktf does not traverse. cdktf searches every value for tokens several times;
 * Kubernetes objects are 90 % of all values and contain none.
 */
class ResolvedValue implements IResolvable {
  readonly creationStack: string[] = [];

  /** @throws if the value contains a token, which Terraform would get as plain text */
  constructor(
    private readonly value: object,
    owner: string,
  ) {
    if (TOKEN.test(JSON.stringify(value)))
      throw new Error(`${owner}: contains a cdktf token; use plain values or replaceLeaves`);
  }

  /** cdktf does not traverse the result of a post-processor. */
  resolve(context: IResolveContext): undefined {
    context.registerPostProcessor({ postProcess: () => this.value });
  }
}
