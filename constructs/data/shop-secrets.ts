import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret';
import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { grantedWorkloads } from '../../model/granted-workloads';
import { iamPrincipal, INGRESS_CERTIFICATE_SECRETS, INGRESS_GATEWAY } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';
import { RotationNotice } from './rotation-notice';

export interface ShopSecretsProps {
  readonly environment: Environment;
}

interface Reader {
  readonly secret: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Secrets of mesh.yaml, with one read grant per identity. Removing a service removes its grant, not the secret.
 * Values are added outside of Terraform, so neither configuration nor state contains them. PCI DSS 3.5.1, 7.2.5,
 * 8.6.2, 8.6.3.
 *
 * The secrets of the ingress gateway's certificate exist whether or not it has one: when it is given up, this stack is
 * applied before the one whose gateway pods mount it.
 */
export class ShopSecrets extends Construct {
  constructor(scope: Construct, id: string, props: ShopSecretsProps) {
    super(scope, id);
    const { environment } = props;
    const { region, project, production } = environment;
    const readers = readersOf(environment);
    const certificate: readonly string[] = Object.values(INGRESS_CERTIFICATE_SECRETS);
    const names = [...Object.keys(environment.mesh.secrets), ...certificate].sort();
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: 'secrets',
      users: {
        SecretManager: serviceAgentMember('secretManager', project.number),
        PubSub: serviceAgentMember('pubSub', project.number),
      },
    });
    const notice = new RotationNotice(this, 'Rotation', { environment, key });
    const rotationHours = environment.secrets.rotationDays * 24;

    for (const name of names) {
      const isUsed = environment.ingress.hopEncryption === 'certificate' || !certificate.includes(name);
      const secret = new SecretManagerSecret(this, name, {
        secretId: name,
        replication: {
          userManaged: {
            replicas: [{ location: region, customerManagedEncryption: { kmsKeyName: key.id } }],
          },
        },
        ...(isUsed && {
          topics: [{ name: notice.topicId }],
          rotation: {
            rotationPeriod: `${rotationHours * 3_600}s`,
            nextRotationTime: Fn.timeadd(Fn.plantimestamp(), `${rotationHours}h`),
          },
        }),
        // A destroyed version can be restored for a week.
        versionDestroyTtl: `${7 * 86_400}s`,
        deletionProtection: environment.deletionProtection,
        dependsOn: [...key.grants, ...notice.ready],
        lifecycle: {
          preventDestroy: production,
          // Secret Manager updates it after each notice.
          ...(isUsed && { ignoreChanges: ['rotation[0].next_rotation_time'] }),
        },
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
  const services = environment.services.flatMap((service) =>
    service.secrets.flatMap((secret) =>
      grantedWorkloads(service).map((serviceAccount) => ({
        secret,
        namespace: service.namespace,
        serviceAccount,
      })),
    ),
  );
  const { namespace, serviceAccount } = INGRESS_GATEWAY;
  return [
    ...services,
    ...Object.values(INGRESS_CERTIFICATE_SECRETS).map((secret) => ({ secret, namespace, serviceAccount })),
  ];
}
