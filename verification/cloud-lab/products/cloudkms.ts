import { secondsOf } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireName } from './names';

interface CryptoKey {
  readonly purpose?: string;
  readonly rotationPeriod?: string;
  readonly nextRotationTime?: string;
  readonly destroyScheduledDuration?: string;
  readonly versionTemplate?: { readonly algorithm?: string; readonly protectionLevel?: string };
}

const DAY_SECONDS = 86_400;
const NAME = /^[a-zA-Z0-9_-]{1,63}$/;
const NAMES = page('kms/docs/reference/rest/v1/projects.locations.keyRings/create');
const ROTATION = schemaText('cloudkms.v1#CryptoKey.rotationPeriod');
const DESTRUCTION = page('kms/docs/destroy-restore#schedule_duration_for_new_key');
const PUBLIC_KEY =
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq0hQ4m4gT7F5Q0m2M1ZQmPz1y3lQ\n-----END PUBLIC KEY-----\n';

/** Key rings and keys cannot be deleted: the API has no method for it. Versions are destroyed after a delay. */
export const CLOUD_KMS: Product = {
  methods: {
    'cryptoKeyVersions.destroy': ({ path }, engine) => {
      const name = path.replace(/:destroy$/, '');
      return engine.world.put('cloudkms', name, {
        ...engine.read('cloudkms', name),
        state: 'DESTROY_SCHEDULED',
        destroyTime: engine.world.timestamp(),
      });
    },
    'cryptoKeyVersions.getPublicKey': ({ path }, engine) => {
      const name = path.replace(/\/publicKey$/, '');
      const { algorithm, protectionLevel } = engine.read('cloudkms', name);
      return { name, algorithm, protectionLevel, pem: PUBLIC_KEY, pemCrc32c: '1' };
    },
  },
  kinds: {
    keyRings: kind({ check: (_ring, { name }) => requireName(name, NAME, NAMES) }),
    cryptoKeys: kind<CryptoKey>({
      check: (key, { name }) => {
        requireName(name, NAME, NAMES);
        const { rotationPeriod, nextRotationTime, destroyScheduledDuration, purpose } = key;
        if (rotationPeriod !== undefined) {
          if (purpose !== 'ENCRYPT_DECRYPT')
            invalid('only symmetric encryption keys rotate automatically', ROTATION);
          if (nextRotationTime === undefined) invalid('rotationPeriod needs nextRotationTime', ROTATION);
          const seconds = secondsOf(rotationPeriod);
          if (seconds < DAY_SECONDS || seconds > 876_000 * 3_600)
            invalid('rotationPeriod: 24 hours to 876,000 hours', ROTATION);
        }
        if (destroyScheduledDuration !== undefined) {
          const seconds = secondsOf(destroyScheduledDuration);
          if (seconds < DAY_SECONDS || seconds > 120 * DAY_SECONDS)
            invalid('destroyScheduledDuration: 24 hours to 120 days', DESTRUCTION);
        }
      },
      defaults: ({ purpose, destroyScheduledDuration, versionTemplate }, { name }) => ({
        destroyScheduledDuration: destroyScheduledDuration ?? '2592000s',
        ...(purpose === 'ENCRYPT_DECRYPT' && {
          primary: {
            name: `${name}/cryptoKeyVersions/1`,
            state: 'ENABLED',
            algorithm: versionTemplate?.algorithm,
            protectionLevel: 'SOFTWARE',
          },
        }),
      }),
      created: ({ versionTemplate }, { world, name }) => {
        const version = `${name}/cryptoKeyVersions/1`;
        world.put('cloudkms', version, {
          name: version,
          state: 'ENABLED',
          protectionLevel: versionTemplate?.protectionLevel ?? 'SOFTWARE',
          algorithm: versionTemplate?.algorithm ?? 'GOOGLE_SYMMETRIC_ENCRYPTION',
          createTime: world.timestamp(),
          generateTime: world.timestamp(),
        });
      },
    }),
  },
};
