import type { CloudState } from '../engine/world';

/**
 * A new primary version of every symmetric key, as after `gcloud kms keys versions create --primary` or a scheduled
 * rotation. Older versions stay enabled.
 *
 * @see https://cloud.google.com/kms/docs/rotate-key
 */
export function rotateKeys(world: CloudState): void {
  for (const [key, resource] of world.entries()) {
    if (!/^cloudkms\/.*\/cryptoKeys\/[^/]+$/.test(key) || resource['purpose'] !== 'ENCRYPT_DECRYPT') continue;
    const name = key.slice('cloudkms/'.length);
    const { length } = world.children('cloudkms', `${name}/cryptoKeyVersions`);
    const version = `${name}/cryptoKeyVersions/${length + 1}`;
    const first = world.get('cloudkms', `${name}/cryptoKeyVersions/1`);
    world.put('cloudkms', version, { ...first, name: version, createTime: world.timestamp() });
    const primary = { ...(resource['primary'] as object), name: version };
    const nextRotationTime = new Date(world.now() + periodMs(resource['rotationPeriod'])).toISOString();
    world.put('cloudkms', name, { ...resource, primary, nextRotationTime });
  }
}

function periodMs(period: unknown): number {
  return Number.parseInt(typeof period === 'string' ? period : '0', 10) * 1_000;
}
