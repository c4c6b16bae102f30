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

/**
 * The weights of a split as two local values: the committed weight, for readers without Terraform, and the weight
 * that a plan computes from it.
 */
export class CanaryWeights extends Construct {
  private readonly weightByHost = new Map<string, string>();

  constructor(scope: Construct, id: string, props: CanaryWeightsProps) {
    super(scope, id);
    const { environment, service, weightCaps } = props;
    const canary = canaryVersion(service);
    if (canary === undefined) return;
    const local = new TerraformLocal(this, 'Default', '');
    const committedLocal = committedLocalOf(local.friendlyUniqueId);
    new TerraformLocal(this, 'Committed', canary.weightPercent).overrideLogicalId(committedLocal);
    local.expression = weightExpression(canary, environment, committedLocal, weightCaps);
    const references = weightReferences(local.friendlyUniqueId);
    this.weightByHost.set(canary.host, references.canary);
    this.weightByHost.set(service.versions[0].host, references.stable);
  }

  /** The validated route with references in place of its weights; all of its destinations are versions. */
  public readonly replaceIn = (route: Record<string, unknown>): Record<string, unknown> => {
    const { spec } = route as unknown as SplitRoute;
    const http = spec.http.map((rule) => ({
      ...rule,
      route: rule.route.map((destination) => ({
        ...destination,
        weight: this.weightByHost.get(destination.destination.host),
      })),
    }));
    return { ...route, spec: { ...spec, http } };
  };
}
