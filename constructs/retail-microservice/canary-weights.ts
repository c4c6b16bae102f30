import { TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { committedLocalOf, weightExpression, weightReferences } from '../../model/canary/split';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';

export interface CanaryWeightsProps {
  readonly environment: Environment;
  readonly service: Service;
  /** Expression for the weight caps in the cluster. */
  readonly weightCaps: string;
}

/** The parts of a VirtualService that are read here. */
interface SplitRoute {
  readonly spec: {
    readonly http: readonly {
      readonly route: readonly { readonly destination: { readonly host: string } }[];
    }[];
  };
}

/** References to weights, by host of the version. */
export type WeightReferences = ReadonlyMap<string, string>;

/**
 * The weights of a split as two local values: the committed weight, for readers without Terraform, and the weight
 * that a plan computes from it.
 */
export class CanaryWeights extends Construct {
  public readonly references: WeightReferences;

  constructor(scope: Construct, id: string, props: CanaryWeightsProps) {
    super(scope, id);
    const { environment, service, weightCaps } = props;
    const canary = canaryVersion(service);
    if (canary === undefined) throw new Error(`${service.name} has no canary`);
    const local = new TerraformLocal(this, 'Default', '');
    const committedLocal = committedLocalOf(local.friendlyUniqueId);
    new TerraformLocal(this, 'Committed', canary.weightPercent).overrideLogicalId(committedLocal);
    local.expression = weightExpression(canary, environment, committedLocal, weightCaps);
    const references = weightReferences(local.friendlyUniqueId);
    this.references = new Map([
      [canary.host, references.canary],
      [service.versions[0].host, references.stable],
    ]);
  }
}

/** The validated VirtualService with references in place of the weights of its splits. */
export function replaceWeights(
  object: Record<string, unknown>,
  references: WeightReferences,
): Record<string, unknown> {
  const { spec } = object as unknown as SplitRoute;
  const http = spec.http.map((rule) => ({
    ...rule,
    route: rule.route.map((destination) => {
      const weight = rule.route.length > 1 ? references.get(destination.destination.host) : undefined;
      return weight === undefined ? destination : { ...destination, weight };
    }),
  }));
  return { ...object, spec: { ...spec, http } };
}
