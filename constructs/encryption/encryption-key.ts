import { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key';
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { keyRingId } from '../../model/naming';

export interface EncryptionKeyProps {
  readonly environment: Environment;
  /** Name in the ring: what it encrypts. */
  readonly name: string;
  /** IAM members that encrypt and decrypt with it, by a word for each: service agents, never people. */
  readonly users: Readonly<Record<string, string>>;
}

const SECONDS_A_DAY = 86_400;

/** How long a destroyed key version can still be brought back. */
const RESTORABLE_DAYS = 30;

/**
 * A key of the shop's own for one kind of data, in the stack of that data. Whoever loses it loses the data, so
 * in production Terraform never destroys it. PCI DSS 3.5.1, 3.6.1, 3.7.4.
 *
 * @see https://cloud.google.com/kms/docs/cmek
 */
export class EncryptionKey extends Construct {
  /** Full resource name. */
  public readonly id: string;
  /** What must be granted before the first use. */
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
