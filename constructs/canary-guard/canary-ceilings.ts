import { DataKubernetesResources } from '@cdktf/provider-kubernetes/lib/data-kubernetes-resources';
import { Construct } from 'constructs';
import {
  ValidatingAdmissionPolicyBinding,
  type IValidatingAdmissionPolicyBinding,
} from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import type { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { canaryOf, CEILING_LABELS, CEILING_NAMESPACE, CEILING_SELECTOR } from '../../model/canary/ceiling';
import type { Environment } from '../../model/environment';
import { canaryGuardEmail } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import { GuardedNamespace } from '../mesh/guarded-namespace';
import { renderCeilingPolicy } from './ceiling-policy';
import { renderCeilingRecordPolicy } from './ceiling-record-policy';
import { renderGuardPolicy } from './guard-policy';
import { PolicyReader } from './policy-reader';

export interface CanaryCeilingsProps {
  readonly environment: Environment;
}

type BindingSpec = Omit<
  NonNullable<IValidatingAdmissionPolicyBinding['spec']>,
  'policyName' | 'validationActions'
>;

/**
 * Where ceilings are kept, who may write them, and that nobody exceeds one: read by every plan, and enforced
 * once more by the API server, since a saved plan does not read them again. PCI DSS 6.5.1, 7.2.5.
 */
export class CanaryCeilings extends Construct {
  /** Expression for the ceilings that are in the cluster at the time of the plan. */
  public readonly list: string | undefined;
  public readonly namespace: GuardedNamespace;

  constructor(scope: Construct, id: string, props: CanaryCeilingsProps) {
    super(scope, id);
    const { mesh, project, services } = props.environment;
    this.namespace = new GuardedNamespace(this, 'Default', {
      name: CEILING_NAMESPACE,
      labels: { [CEILING_LABELS.ceiling]: 'true' },
    });

    this.enforce('Ceiling', renderCeilingPolicy(`${mesh.name}-canary-ceiling`), {
      paramRef: {
        namespace: CEILING_NAMESPACE,
        selector: { matchLabels: { [CEILING_LABELS.ceiling]: 'true' } },
        // No ceiling, no limit.
        parameterNotFoundAction: 'Allow',
      },
    });
    this.enforce('Guard', renderGuardPolicy(`${mesh.name}-canary-guard`, canaryGuardEmail(project.id)));
    this.enforce(
      'Record',
      renderCeilingRecordPolicy(`${mesh.name}-canary-ceiling-record`, mesh.platformAdmins),
    );
    new PolicyReader(this, 'PolicyReader', props);

    this.list = services.some((service) => canaryOf(service)) ? this.read() : undefined;
  }

  private enforce(id: string, policy: ValidatingAdmissionPolicy, spec: BindingSpec = {}): void {
    const name = policy.metadata?.name ?? '';
    const object = new KubernetesObject(this, `${id}Policy`, policy);
    new KubernetesObject(
      this,
      `${id}Binding`,
      new ValidatingAdmissionPolicyBinding({
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'], ...spec },
      }),
      // Bindings go first, so that a tear-down is not refused by them.
      { dependsOn: [object, ...this.namespace.guards] },
    );
  }

  private read(): string {
    const ceilings = new DataKubernetesResources(this, 'Ceilings', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: CEILING_NAMESPACE,
      labelSelector: CEILING_SELECTOR,
    });
    return `data.${ceilings.terraformResourceType}.${ceilings.friendlyUniqueId}.objects`;
  }
}
