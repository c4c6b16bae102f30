import type { Context } from '../engine/call';
import { lastSegment, type ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid, notNow } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import type { CloudState } from '../engine/world';
import { requireName } from './names';

interface Bucket {
  readonly lifecycleState?: string;
  readonly retentionDays?: number;
  readonly locked?: boolean;
}
interface Metric {
  readonly name: string;
  readonly filter?: string;
  readonly description?: string;
  readonly metricDescriptor?: ApiObject;
}

const DELETED_BUCKETS = page('logging/docs/buckets#delete-bucket');
const BUCKETS = page('logging/docs/buckets#create_bucket');

export const LOGGING: Product = {
  identity: (_id, { world, name }) => ({
    name,
    createTime: world.timestamp(),
    updateTime: world.timestamp(),
  }),
  methods: {
    'projects.getCmekSettings': (_call, { world }) => ({
      name: `projects/${world.projectId}/cmekSettings`,
      serviceAccountId: keyAccount(world),
    }),
    'projects.getSettings': (_call, { world }) => ({
      name: `projects/${world.projectId}/settings`,
      kmsServiceAccountId: keyAccount(world),
      loggingServiceAccountId: world.agent('gcp-sa-logging'),
    }),
    'buckets.createAsync': (call, engine, note) =>
      engine.create(call, note, { name: call.path.replace(/:createAsync$/, '') }),
    'buckets.updateAsync': (call, engine, note) =>
      engine.change(call, note, { name: call.path.replace(/:updateAsync$/, '') }),
    'buckets.delete': ({ path }, engine) => {
      const bucket = engine.read('logging', path);
      requireActive(bucket);
      if (bucket['locked']) notNow('A locked bucket with entries cannot be deleted', DELETED_BUCKETS);
      engine.world.put('logging', path, { ...bucket, lifecycleState: 'DELETE_REQUESTED' });
      return {};
    },
    'buckets.undelete': ({ path }, engine) => {
      const name = path.replace(/:undelete$/, '');
      engine.world.put('logging', name, { ...engine.read('logging', name), lifecycleState: 'ACTIVE' });
      return {};
    },
  },
  kinds: {
    metrics: kind<Metric>({
      check: ({ filter = '', name }) => {
        if (!/^[A-Za-z0-9_./,+!*',()%-]{1,100}$/.test(lastSegment(name)))
          invalid('name: at most 100 characters', schemaText('logging.v2#LogMetric.name'));
        if (filter.length > 20_000)
          invalid('filter: at most 20,000 characters', schemaText('logging.v2#LogMetric.filter'));
      },
      defaults: ({ name, description, metricDescriptor }, { world }) => {
        const type = `logging.googleapis.com/user/${lastSegment(name)}`;
        return {
          name: lastSegment(name),
          metricDescriptor: {
            name: `projects/${world.projectId}/metricDescriptors/${type}`,
            type,
            description,
            ...metricDescriptor,
          },
        };
      },
    }),
    exclusions: kind<{ readonly name: string; readonly filter?: string }>({
      check: (_exclusion, { name }) =>
        requireName(name, /^[A-Za-z0-9_.-]{1,100}$/, schemaText('logging.v2#LogExclusion.name')),
      defaults: ({ name }) => ({ name: lastSegment(name) }),
    }),
    sinks: kind<{ readonly name: string; readonly destination?: string }>({
      check: (_sink, { name }) =>
        requireName(name, /^[A-Za-z0-9_.-]{1,100}$/, schemaText('logging.v2#LogSink.name')),
      defaults: ({ name, destination = '' }, { world }) => ({
        name: lastSegment(name),
        // A bucket of the same project needs no writer.
        writerIdentity: destination.startsWith('logging.googleapis.com/projects')
          ? ''
          : `serviceAccount:${world.agent('gcp-sa-logging')}`,
      }),
    }),
    buckets: kind<Bucket>({ check: checkBucket, defaults: bucketDefaults }),
  },
};

/** A deleted bucket keeps its name for seven days. */
function checkBucket(bucket: Bucket, { name }: Context): void {
  requireName(name, /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/, BUCKETS);
  requireActive(bucket);
  const { retentionDays } = bucket;
  if (retentionDays !== undefined && (retentionDays < 1 || retentionDays > 3_650))
    invalid('retentionDays: 1 to 3,650', page('logging/docs/buckets#custom-retention'));
}

function requireActive(bucket: Bucket): void {
  if (bucket.lifecycleState === 'DELETE_REQUESTED')
    notNow('Buckets must be in an ACTIVE state to be modified', DELETED_BUCKETS);
}

function bucketDefaults({ retentionDays }: Bucket): ApiObject {
  return { lifecycleState: 'ACTIVE', retentionDays: retentionDays ?? 30 };
}

/** Account that the Log Router encrypts with. */
function keyAccount({ projectNumber }: CloudState): string {
  return `cmek-p${projectNumber}@gcp-sa-logging.iam.gserviceaccount.com`;
}
