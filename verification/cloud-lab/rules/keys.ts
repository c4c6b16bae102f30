/** Customer-managed keys: they must exist, in the right location, and the product's agent must be able to use them. */
import { holdsRole } from '../engine/iam-policy';
import { visitLeaves } from '../engine/json';
import { invalid, refuse } from '../engine/refusal';
import { page } from '../engine/source';
import type { CloudState } from '../engine/world';

/** Domain of the service agent that encrypts with the key. @see https://cloud.google.com/iam/docs/service-agents */
const AGENTS: Readonly<Record<string, string>> = {
  alloydb: 'gcp-sa-alloydb',
  artifactregistry: 'gcp-sa-artifactregistry',
  compute: 'compute-system',
  eventarc: 'gcp-sa-eventarc',
  pubsub: 'gcp-sa-pubsub',
  secretmanager: 'gcp-sa-secretmanager',
  sqladmin: 'gcp-sa-cloud-sql',
  storage: 'gs-project-accounts',
  workflows: 'gcp-sa-workflows',
};
const KEY = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
const ROLE = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';
const SOURCE = page('kms/docs/cmek#grant-permission');
const LOCATION = page('kms/docs/cmek#regional-considerations');

export function checkKeys(world: CloudState, api: string, name: string, body: unknown): void {
  const [, location = 'global'] = /\/(?:locations|regions)\/([^/]+)/.exec(name) ?? [];
  visitLeaves(body, (value, path) => {
    const [, keyLocation] = typeof value === 'string' ? (KEY.exec(value) ?? []) : [];
    if (keyLocation === undefined || path.at(-1) === 'name') return;
    const key = String(value);
    const field = path.join('.');
    if (world.get('cloudkms', key) === undefined)
      invalid(`The Cloud KMS key '${key}' does not exist (field ${field})`, SOURCE);
    const agent = agentOf(world, api, field);
    if (!holdsRole(world, 'cloudkms', key, ROLE, `serviceAccount:${agent}`))
      refuse(
        403,
        'PERMISSION_DENIED',
        `${agent} cannot use the key '${key}' (field ${field}); grant ${ROLE}`,
        SOURCE,
      );
    if (location !== 'global' && !location.startsWith(keyLocation))
      invalid(`The key '${key}' is not in ${location} (field ${field})`, LOCATION);
  });
}

function agentOf(world: CloudState, api: string, field: string): string {
  if (api === 'logging') return `cmek-p${world.projectNumber}@gcp-sa-logging.iam.gserviceaccount.com`;
  if (api === 'container')
    return world.agent(/bootDisk/i.test(field) ? 'compute-system' : 'container-engine-robot');
  return world.agent(AGENTS[api] ?? `gcp-sa-${api}`);
}
