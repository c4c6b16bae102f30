import { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { keyRingId } from '../../model/naming';

export interface EncryptionKeyProps {
  readonly environment: Environment;
  /** Name in the key ring: the data that it encrypts. */
  readonly name: string;
  /** Service agents that encrypt and decrypt, as IAM members by construct id. Never people. */
  readonly users: Readonly<Record<string, string>>;
}

const SECONDS_A_DAY = 86_400;

/** Time for which a destroyed key version can be restored. */
const RESTORABLE_DAYS = 30;

/**
 * A customer-managed key for one kind of data, in the stack of that data. Without the key the data is lost, so in
 * production Terraform never destroys it. PCI DSS 3.5.1, 3.6.1, 3.7.4.
 *
 * @see https://cloud.google.com/kms/docs/cmek
 */
export class EncryptionKey extends Construct {
  /** Full resource name. */
  public readonly id: string;
  /** Resources that use the key depend on these. */
  public readonly grants: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { environment, name, users } = props;
    const { keys, production } = environment;

    const key = new KmsCryptoKey(this, 'Default', {
      name,
      keyRing: keyRingId(environment),
      purpose: 'ENCRYPT_DECRYPT',
      rotationPeriod: `${keys.rotationDays * SECONDS_A_DAY}s`,
      destroyScheduledDuration: `${RESTORABLE_DAYS * SECONDS_A_DAY}s`,
      versionTemplate: { algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION', protectionLevel: keys.protection },
      lifecycle: { preventDestroy: production },
    });
    this.id = key.id;
    this.grants = Object.entries(users).map(
      ([user, member]) =>
        new KmsCryptoKeyIamMember(this, `For${user}`, {
          cryptoKeyId: key.id,
          role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
          member,
        }),
    );
  }
}
