import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { Construct } from 'constructs';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { Environment } from '../../model/environment';
import { iamPrincipal, METRICS_FRONTEND } from '../../model/naming';
import { metricsFrontendNetworkPolicy } from '../../model/observability-network-policy';
import { KubernetesObject } from '../kubernetes-object';
import { renderNetworkPolicy } from '../network-policy';

export interface MetricsFrontendProps {
  readonly environment: Environment;
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * By version: neither Google's documentation nor its repository names a digest. A row of docs/verify-on-cloud.md pins it.
 *
 * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui
 */
const IMAGE = 'gke.gcr.io/prometheus-engine/frontend:v0.15.3-gke.0';

/**
 * In-cluster frontend of the Managed Prometheus query API. It adds the Google credentials that Kiali cannot send. Can
 * only read metrics. PCI DSS 7.2.5.
 */
export class MetricsFrontend extends Construct {
  constructor(scope: Construct, id: string, props: MetricsFrontendProps) {
    super(scope, id);
    const { environment, dependsOn } = props;
    const { name, namespace, port } = METRICS_FRONTEND;
    const metadata = { name, namespace, labels: { app: name } };

    new ProjectIamMember(this, 'Viewer', {
      project: environment.project.id,
      role: 'roles/monitoring.viewer',
      member: iamPrincipal(environment.project, namespace, name),
    });
    const account = new KubernetesObject(
      this,
      'ServiceAccount',
      new ServiceAccount({ metadata, automountServiceAccountToken: false }),
      { dependsOn },
    );
    const policy = new KubernetesObject(
      this,
      'NetworkPolicy',
      renderNetworkPolicy(metadata, metricsFrontendNetworkPolicy()),
      { dependsOn },
    );
    new KubernetesObject(
      this,
      'Service',
      new Service({
        metadata,
        spec: { selector: { app: name }, ports: [{ name: 'http', port, targetPort: port, protocol: 'TCP' }] },
      }),
      { dependsOn },
    );
    new KubernetesObject(this, 'Deployment', renderDeployment(environment.project.id), {
      dependsOn: [account, policy],
    });
  }
}

function renderDeployment(projectId: string): Deployment {
  const { name, namespace, port } = METRICS_FRONTEND;
  const labels = { app: name };
  return new Deployment({
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            runAsGroup: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'frontend',
              image: IMAGE,
              imagePullPolicy: 'Always',
              args: [`--web.listen-address=:${port}`, `--query.project-id=${projectId}`],
              ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
              readinessProbe: { httpGet: { path: '/-/ready', port: 'http' } },
              livenessProbe: { httpGet: { path: '/-/healthy', port: 'http' } },
              resources: {
                requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
                limits: { memory: '128Mi', 'ephemeral-storage': '64Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  });
}
