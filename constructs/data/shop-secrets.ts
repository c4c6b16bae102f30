import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret';
import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { iamPrincipal, INGRESS_CERTIFICATE_SECRETS, INGRESS_GATEWAY } from '../../model/naming';

export interface ShopSecretsProps {
  readonly environment: Environment;
}

interface Reader {
  readonly secret: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Secrets and who may read them, one grant an identity. Values are added out of band, so none is ever in the
 * configuration or in Terraform's state. PCI DSS 7.2.5, 8.6.2.
 */
export class ShopSecrets extends Construct {
  constructor(scope: Construct, id: string, props: ShopSecretsProps) {
    super(scope, id);
    const { environment } = props;
    const readers = readersOf(environment);

    for (const name of [...new Set(readers.map(({ secret }) => secret))].sort()) {
      const secret = new SecretManagerSecret(this, name, {
        secretId: name,
        replication: { userManaged: { replicas: [{ location: environment.region }] } },
        deletionProtection: environment.deletionProtection,
      });
      for (const { namespace, serviceAccount } of readers.filter((reader) => reader.secret === name)) {
        new SecretManagerSecretIamMember(this, `${name}-for-${serviceAccount}`, {
          secretId: secret.id,
          role: 'roles/secretmanager.secretAccessor',
          member: iamPrincipal(environment.project, namespace, serviceAccount),
        });
      }
    }
  }
}

function readersOf(environment: Environment): Reader[] {
  const services = environment.services.flatMap(({ secrets, versions, namespace }) =>
    secrets.flatMap((secret) =>
      versions.map(({ workload }) => ({ secret, namespace, serviceAccount: workload })),
    ),
  );
  if (environment.ingress.hopEncryption !== 'certificate') return services;
  const { namespace, serviceAccount } = INGRESS_GATEWAY;
  return [
    ...services,
    ...Object.values(INGRESS_CERTIFICATE_SECRETS).map((secret) => ({ secret, namespace, serviceAccount })),
  ];
}
