import { DataGoogleContainerCluster } from '@cdktf/provider-google/lib/data-google-container-cluster';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { clusterLocation, clusterName } from '../model/naming';

export interface ClusterAccessProps {
  readonly environment: Environment;
}

/**
 * The Kubernetes provider of a stack. It finds the cluster by name, without a reference to another stack.
 *
 * The DNS endpoint has a publicly trusted certificate, so no CA is configured. The auth plugin gets a token for each
 * call: a token from plan time could expire before the reviewed plan is applied.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based_endpoint
 */
export class ClusterAccess extends Construct {
  /** `https://` and the DNS name of the control plane. */
  public readonly host: string;

  constructor(scope: Construct, id: string, props: ClusterAccessProps) {
    super(scope, id);
    const { environment } = props;

    const cluster = new DataGoogleContainerCluster(this, 'Cluster', {
      project: environment.project.id,
      name: clusterName(environment.mesh.name),
      location: clusterLocation(environment),
    });
    const endpoint = cluster.controlPlaneEndpointsConfig.get(0).dnsEndpointConfig.get(0).endpoint;
    this.host = `https://${endpoint}`;

    new KubernetesProvider(this, 'Kubernetes', { host: this.host, exec: [AUTH_PLUGIN] });
  }
}

/** Credentials plugin of the Kubernetes and Helm providers. */
export const AUTH_PLUGIN = {
  apiVersion: 'client.authentication.k8s.io/v1beta1',
  command: 'gke-gcloud-auth-plugin',
} as const;
