/** Custom resources that GKE installs, without their schemas: the lab accepts any content. */
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

const KINDS: readonly Kind[] = [
  {
    group: 'networking.gke.io',
    kind: 'GCPBackendPolicy',
    plural: 'gcpbackendpolicies',
    scope: 'Namespaced',
  },
  {
    group: 'networking.gke.io',
    kind: 'GCPGatewayPolicy',
    plural: 'gcpgatewaypolicies',
    scope: 'Namespaced',
  },
  {
    group: 'networking.gke.io',
    kind: 'HealthCheckPolicy',
    plural: 'healthcheckpolicies',
    scope: 'Namespaced',
  },
  {
    group: 'secrets-store.csi.x-k8s.io',
    kind: 'SecretProviderClass',
    plural: 'secretproviderclasses',
    scope: 'Namespaced',
  },
  {
    group: 'monitoring.googleapis.com',
    kind: 'ClusterPodMonitoring',
    plural: 'clusterpodmonitorings',
    scope: 'Cluster',
  },
];

/** Google publishes no Go module with the schemas, so only a GKE cluster validates these objects. */
export const GKE_DEFINITIONS: readonly KubernetesManifest[] = KINDS.map(({ group, kind, plural, scope }) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: { kind, plural, singular: kind.toLowerCase() },
    scope,
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
}));
