import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import {
  GcsBackend,
  LocalBackend,
  TerraformElement,
  TerraformOutput,
  TerraformRemoteState,
  TerraformResource,
  TerraformStack,
} from 'cdktf';
import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';
import type { Construct, IConstruct, Node } from 'constructs';
import type { Environment } from '../model/environment';
import { stackId, type StackName } from '../model/naming';
import { OnePassSynthesizer, type StackDocument } from './one-pass-synthesizer';

/**
 * Disables cdktf's capture of stack traces for tokens. They only improve an error message, and cost an eighth of
 * synth, half of it under jest, which maps each frame to its source.
 */
Object.assign(stackTrace, { captureStackTrace: () => [] });

/** cdktf's prefixes of the elements that it adds for references between stacks. */
const REMOTE_STATE_PREFIX = 'cross-stack-reference-input-';
const OUTPUT_PREFIX = 'cross-stack-output-';

export interface RetailStackProps {
  readonly environment: Environment;
}

/** Base of the five stacks: id, state, Google provider, labels, readable addresses. */
export abstract class RetailStack extends TerraformStack {
  protected readonly environment: Environment;
  override readonly synthesizer: OnePassSynthesizer = new OnePassSynthesizer(this);
  /** Cost reports use these labels. */
  private readonly labels: Readonly<Record<string, string>>;

  constructor(scope: Construct, name: StackName, props: RetailStackProps) {
    const { environment } = props;
    const id = stackId(environment.name, name);
    super(scope, id);
    this.environment = environment;
    this.configureState(id);

    this.labels = { mesh: environment.mesh.name, environment: environment.name, stack: name };
    new GoogleProvider(this, 'google', {
      project: environment.project.id,
      region: environment.region,
      defaultLabels: this.labels,
    });
    this.node.addValidation({ validate: () => this.duplicateAddresses() });
  }

  /** Merged into the JSON: lists are appended, unlike in cdktf. */
  override addOverride(path: string, value: unknown): void {
    this.synthesizer.override(path, value);
  }

  /** The JSON of the stack, after `app.synth()`. */
  get document(): StackDocument {
    return this.synthesizer.document;
  }

  /** Called by `app.synth()` for every stack, before any is written. */
  override prepareStack(): void {
    for (const node of this.node.findAll()) this.labelMonitoring(node);
    this.synthesizer.prepare();
    for (const node of this.node.findAll())
      if (node instanceof TerraformRemoteState) this.defaultOutputs(node);
  }

  /**
   * Makes an attribute an output for later stacks, whether or not one reads it now. Otherwise the output would come and go
   * with its readers, and a pull request that adds the first reader could not be planned.
   */
  protected export({ terraformResourceType, friendlyUniqueId }: TerraformResource, attribute: string): void {
    this.registerOutgoingCrossStackReference(`${terraformResourceType}.${friendlyUniqueId}.${attribute}`);
  }

  /**
   * `checkout_v2_deployment` instead of cdktf's `checkout_v2_deployment_1A2B3C4D`, because operators read addresses
   * in plans. Synth checks uniqueness, which the hash would ensure.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = element instanceof TerraformElement ? element.node : element;
    return logicalId(this.pathBelow(node));
  }

  /**
   * Adds `moved` blocks for the resources of a construct whose id has changed, so that none is destroyed. Uses an
   * override, because cdktf's own moves run the terraform binary.
   *
   * @param formerId id that the construct had in the same scope
   */
  protected moveFrom(formerId: string, construct: Construct): void {
    const path = this.pathBelow(construct.node);
    const moves = construct.node.findAll().flatMap((resource) => {
      if (!(resource instanceof TerraformResource)) return [];
      const below = this.pathBelow(resource.node).slice(path.length);
      const type = resource.terraformResourceType;
      const from = `${type}.${logicalId([...path.slice(0, -1), formerId, ...below])}`;
      return [{ from, to: `${type}.${resource.friendlyUniqueId}` }];
    });
    this.addOverride('moved', moves);
  }

  /**
   * A pull request plans all stacks at once, before an earlier one has created what its outputs name. The plan then shows
   * the default; the plan of the wave, which is applied, reads the output.
   */
  private defaultOutputs(remoteState: TerraformRemoteState): void {
    const origin = remoteState.node.id.replace(REMOTE_STATE_PREFIX, '');
    const outputs = (this.node.root.node.tryFindChild(origin)?.node.children ?? []).filter(
      (child) => TerraformOutput.isTerraformOutput(child) && child.node.id.startsWith(OUTPUT_PREFIX),
    ) as TerraformOutput[];
    const defaults = outputs.map(({ friendlyUniqueId }) => [friendlyUniqueId, notApplied(origin)] as const);
    const path = `data.terraform_remote_state.${remoteState.friendlyUniqueId}.defaults`;
    this.addOverride(path, Object.fromEntries(defaults));
  }

  /** Cloud Monitoring resources have `user_labels`, which the provider's default labels do not set. */
  private labelMonitoring(node: IConstruct): void {
    if (!(node instanceof TerraformResource) || !('userLabelsInput' in node)) return;
    if (node.userLabelsInput === undefined) node.addOverride('user_labels', this.labels);
  }

  private pathBelow(node: Node): string[] {
    return node.path.slice(this.node.path.length + 1).split('/');
  }

  /** A relative path, since an absolute one would differ between machines and snapshots. */
  private configureState(id: string): void {
    const { state } = this.environment;
    if (state.backend === 'gcs') {
      new GcsBackend(this, { bucket: state.bucket, prefix: id });
    } else {
      new LocalBackend(this, { path: `../../../state/${id}.tfstate` });
    }
  }

  /** Two elements with the same address would silently become one resource in the JSON. */
  private duplicateAddresses(): string[] {
    const seen = new Map<string, string>();
    const violations: string[] = [];
    for (const construct of this.node.findAll()) {
      if (!(construct instanceof TerraformResource)) continue;
      const address = `${construct.terraformResourceType}.${construct.friendlyUniqueId}`;
      const other = seen.get(address);
      if (other !== undefined)
        violations.push(
          `'${other}' and '${construct.node.path}' have the same address '${address}'; rename one of them`,
        );
      seen.set(address, construct.node.path);
    }
    return violations;
  }
}

/** No API accepts it. */
function notApplied(stack: string): string {
  return `(known after the apply of ${stack})`;
}

function logicalId(path: readonly string[]): string {
  return path
    .filter((part) => part !== 'Default' && part !== 'Resource')
    .map(addressPart)
    .join('_');
}

/** `CheckoutV2` and `checkout-v2` become `checkout_v2`. */
function addressPart(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .toLowerCase();
}
