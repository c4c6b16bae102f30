import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import type { IResolvable, IResolveContext } from 'cdktf';
import type { Construct } from 'constructs';

/** A typed object of `kubernetes-models`, checked against the schema of its kind. */
interface Model {
  validate(): void;
  toJSON(): object;
}

/** A kind that has no model: the Gateway API and Google's own kinds. */
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
   * Puts Terraform expressions in the place of values, after the schema has been checked: it would refuse them.
   *
   * @default - the object as it is
   */
  readonly replaceLeaves?: (manifest: Record<string, unknown>) => Record<string, unknown>;
}

/**
 * One object of the cluster as one `kubernetes_manifest`: what a plan shows is byte for byte what the API
 * server gets. Schema faults fail synth, not the apply.
 *
 * Conflicts are forced because these objects belong to this repository; whoever edits one by hand sees the
 * edit reported as drift and taken back.
 */
export class KubernetesObject extends Manifest {
  private readonly plain: Record<string, unknown>;

  constructor(
    scope: Construct,
    id: string,
    object: Model | PlainObject,
    options: KubernetesObjectOptions = {},
  ) {
    const manifest = render(object, scope, id);
    const plain = options.replaceLeaves?.(manifest) ?? manifest;
    super(scope, id, {
      manifest: new ResolvedValue(plain, `${scope.node.path}/${id}`),
      fieldManager: { name: 'terraform', forceConflicts: true },
    });
    this.plain = plain;
    // By address: cdktf would make a token of each, at a cost that large meshes notice.
    if (options.dependsOn) this.dependsOn = options.dependsOn.map((object) => object.address);
  }

  /** cdktf merges what is overridden into plain values alone, so this object takes the long walk. */
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

/** Texts, lists and maps carry the first, objects become the second, numbers are beyond what a manifest counts. */
const TOKEN = /TfToken\[|"<unresolved-|\de\+2[89]\d/;

/**
 * A value without tokens, handed to Terraform as it is. cdktf walks every value several times in search of
 * tokens, leaf by leaf; the objects of the cluster are nine tenths of what it would walk, and hold none.
 */
class ResolvedValue implements IResolvable {
  readonly creationStack: string[] = [];

  /** @throws if the value holds a token after all: it would reach Terraform as text */
  constructor(
    private readonly value: object,
    owner: string,
  ) {
    if (TOKEN.test(JSON.stringify(value)))
      throw new Error(`${owner}: a token of cdktf where only values belong`);
  }

  /** What a post-processor returns is taken without another walk. */
  resolve(context: IResolveContext): undefined {
    context.registerPostProcessor({ postProcess: () => this.value });
  }
}
