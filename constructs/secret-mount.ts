import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { KubernetesObject } from './kubernetes-object';

export interface SecretMountProps {
  /** Name of the SecretProviderClass, which the pods' volume refers to. */
  readonly name: string;
  readonly namespace: string;
  readonly projectId: string;
  /** Secret Manager secrets and their file names. Mounts the latest version. */
  readonly files: readonly { readonly secret: string; readonly fileName: string }[];
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Secrets as files in pods, read from Secret Manager with the pod's identity. Values never pass through Terraform or
 * the API server. PCI DSS 8.6.2.
 *
 * @see https://cloud.google.com/secret-manager/docs/secret-manager-managed-csi-component
 */
export class SecretMount extends Construct {
  public readonly providerClass: KubernetesObject;

  constructor(scope: Construct, id: string, props: SecretMountProps) {
    super(scope, id);
    const { name, namespace, projectId, files, dependsOn } = props;
    this.providerClass = new KubernetesObject(
      this,
      'ProviderClass',
      {
        apiVersion: 'secrets-store.csi.x-k8s.io/v1',
        kind: 'SecretProviderClass',
        metadata: { name, namespace },
        spec: {
          provider: 'gke',
          parameters: {
            secrets: stringify(
              files.map(({ secret, fileName }) => ({
                resourceName: `projects/${projectId}/secrets/${secret}/versions/latest`,
                path: fileName,
              })),
            ),
          },
        },
      },
      { dependsOn, outlivesUsers: true },
    );
  }
}
