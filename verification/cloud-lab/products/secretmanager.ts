import type { Context } from '../engine/call';
import { holdsRole } from '../engine/iam-policy';
import { secondsOf } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid, notNow } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireName } from './names';

interface Secret {
  readonly rotation?: { readonly rotationPeriod?: string; readonly nextRotationTime?: string };
  readonly topics?: readonly { readonly name: string }[];
  readonly versionDestroyTtl?: string;
}

const ROTATION = schemaText('secretmanager.v1#Secret.rotation');
const PERIOD = schemaText('secretmanager.v1#Rotation.rotationPeriod');
const NEXT = schemaText('secretmanager.v1#Rotation.nextRotationTime');
const TOPICS = page('secret-manager/docs/event-notifications#grant-permission');
const FIVE_MINUTES_MS = 300_000;

export const SECRET_MANAGER: Product = {
  identity: (_id, { world, name }) => ({
    // The API answers with the number of the project.
    name: name.replace(`projects/${world.projectId}/`, `projects/${world.projectNumber}/`),
    createTime: world.timestamp(),
    etag: world.fingerprint(),
  }),
  kinds: { secrets: kind<Secret>({ check: checkSecret }) },
};

function checkSecret({ rotation, topics = [], versionDestroyTtl }: Secret, { world, name }: Context): void {
  requireName(
    name,
    /^[A-Za-z0-9_-]{1,255}$/,
    schemaText('secretmanager.v1.projects.secrets.create.secretId'),
  );
  if (rotation !== undefined) {
    const { rotationPeriod, nextRotationTime } = rotation;
    if (topics.length === 0) invalid('rotation needs a topic', ROTATION);
    if (rotationPeriod !== undefined && secondsOf(rotationPeriod) < 3_600)
      invalid('rotationPeriod: at least 1 hour', PERIOD);
    if (rotationPeriod !== undefined && nextRotationTime === undefined)
      invalid('rotationPeriod needs nextRotationTime', PERIOD);
    if (nextRotationTime !== undefined && Date.parse(nextRotationTime) < world.now() + FIVE_MINUTES_MS)
      invalid('nextRotationTime: at least 5 minutes from now', NEXT);
  }
  if (versionDestroyTtl !== undefined && secondsOf(versionDestroyTtl) < 86_400)
    invalid(
      'versionDestroyTtl: at least 24 hours',
      page('secret-manager/docs/delay-secret-version-destruction'),
    );
  const agent = world.agent('gcp-sa-secretmanager');
  for (const { name: topic } of topics)
    if (!holdsRole(world, 'pubsub', topic, 'roles/pubsub.publisher', `serviceAccount:${agent}`))
      notNow(`${agent} cannot publish to ${topic}; grant roles/pubsub.publisher`, TOPICS);
}
