import { DataKubernetesResources } from '@cdktf/provider-kubernetes/lib/data-kubernetes-resources';
import { Construct } from 'constructs';
import {
  ValidatingAdmissionPolicyBinding,
  type IValidatingAdmissionPolicyBinding,
} from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import type { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import {
  canaryVersion,
  WEIGHT_CAP_LABELS,
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_SELECTOR,
} from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { ROLLBACK_CONTROLLER, rollbackControllerEmail } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';
import { DefaultDenyNamespace } from '../mesh/default-deny-namespace';
import { renderWeightCapPolicy } from './weight-cap-policy';
import { renderWeightCapRecordPolicy } from './weight-cap-record-policy';
import { renderControllerPolicy } from './controller-policy';
import { PolicyAccess } from './policy-access';

export interface WeightCapsProps {
  readonly environment: Environment;
}

type BindingSpec = Omit<
  NonNullable<IValidatingAdmissionPolicyBinding['spec']>,
  'policyName' | 'validationActions'
>;

/**
 * Namespace and admission policies of the weight caps. Every plan reads them, and the API server enforces them as well,
 * because the apply of a saved plan does not read them again. PCI DSS 6.5.1, 7.2.5.
 */
export class WeightCaps extends Construct {
  /** Terraform expression for the weight caps in the cluster at plan time; `undefined` if no canary runs. */
  public readonly list: string | undefined;
  public readonly namespace: DefaultDenyNamespace;

  private readonly policyEditor: KubernetesObject;

  constructor(scope: Construct, id: string, props: WeightCapsProps) {
    super(scope, id);
    const { environment } = props;
    const { mesh, project, services } = environment;
    this.namespace = new DefaultDenyNamespace(this, 'Default', {
      name: WEIGHT_CAP_NAMESPACE,
      labels: { [WEIGHT_CAP_LABELS.weightCap]: 'true' },
    });

    this.policyEditor = new PolicyAccess(this, 'PolicyEditor', { environment, account: 'apply' }).binding;
    this.enforce('WeightCap', renderWeightCapPolicy(`${mesh.name}-weight-cap`), {
      paramRef: {
        namespace: WEIGHT_CAP_NAMESPACE,
        selector: { matchLabels: { [WEIGHT_CAP_LABELS.weightCap]: 'true' } },
        // Most of the time there is no weight cap.
        parameterNotFoundAction: 'Allow',
      },
    });
    this.enforce(
      'Controller',
      renderControllerPolicy(`${mesh.name}-${ROLLBACK_CONTROLLER}`, rollbackControllerEmail(project.id)),
    );
    this.enforce(
      'Record',
      renderWeightCapRecordPolicy(`${mesh.name}-weight-cap-record`, mesh.platformAdmins),
    );
    new PolicyAccess(this, 'PolicyReader', { environment, account: 'plan' });

    this.list = services.some((service) => canaryVersion(service)) ? this.read() : undefined;
  }

  private enforce(id: string, policy: ValidatingAdmissionPolicy, spec: BindingSpec = {}): void {
    const name = policy.metadata?.name ?? '';
    const object = new KubernetesObject(this, `${id}Policy`, policy, { dependsOn: [this.policyEditor] });
    new KubernetesObject(
      this,
      `${id}Binding`,
      new ValidatingAdmissionPolicyBinding({
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'], ...spec },
      }),
      // A tear-down deletes bindings first, so that they do not refuse the rest.
      { dependsOn: [object, ...this.namespace.defaultDeny] },
    );
  }

  private read(): string {
    const weightCaps = new DataKubernetesResources(this, 'WeightCaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: WEIGHT_CAP_NAMESPACE,
      labelSelector: WEIGHT_CAP_SELECTOR,
    });
    return `data.${weightCaps.terraformResourceType}.${weightCaps.friendlyUniqueId}.objects`;
  }
}
