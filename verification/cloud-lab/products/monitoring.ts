import type { Context } from '../engine/call';
import { secondsOf, type ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { schemaText } from '../engine/source';
import type { CloudState } from '../engine/world';
import { checkAlertPolicy, type AlertPolicy } from './alert-policies';
import { requireName } from './names';

interface Objective {
  readonly goal?: number;
  readonly rollingPeriod?: string;
  readonly serviceLevelIndicator?: { readonly requestBased?: { readonly goodTotalRatio?: ApiObject } };
}
interface Channel {
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
}
interface Service {
  readonly basicService?: {
    readonly serviceType?: string;
    readonly serviceLabels?: Readonly<Record<string, string>>;
  };
}

const CHANNEL_LABELS = schemaText('monitoring.v3#NotificationChannel.labels');
const BASIC_SERVICE = schemaText('monitoring.v3#BasicService.serviceLabels');
const CANONICAL_LABELS = ['mesh_uid', 'canonical_service_namespace', 'canonical_service'];

export const MONITORING: Product = {
  identity: (_id, { name }) => ({ name }),
  kinds: {
    alertPolicies: kind<AlertPolicy>({
      check: checkAlertPolicy,
      defaults: ({ enabled, creationRecord, conditions = [] }, { world, name }) => {
        const record = { mutateTime: world.timestamp(), mutatedBy: 'terraform' };
        return {
          enabled: enabled ?? true,
          creationRecord: creationRecord ?? record,
          mutationRecord: record,
          conditions: conditions.map((condition, index) => ({
            name: `${name}/conditions/${index + 1}`,
            ...condition,
          })),
        };
      },
    }),
    notificationChannels: kind<Channel>({
      check: ({ type, labels = {} }) => {
        if (type === 'email' && !/^[^@\s]+@[^@\s]+$/.test(labels['email_address'] ?? ''))
          invalid('labels.email_address is not an address', CHANNEL_LABELS);
        if (type === 'pubsub' && !labels['topic']) invalid('labels.topic is required', CHANNEL_LABELS);
      },
      defaults: ({ enabled }) => ({ enabled: enabled ?? true }),
      created: addChannelAgent,
      deleting: (_channel, { call, world, name }) => {
        if (call.query.get('force') === 'true') removeFromPolicies(world, name);
      },
    }),
    services: kind<Service>({
      check: ({ basicService }, { name }) => {
        requireName(name, /^[a-zA-Z0-9_\-.:]{1,63}$/, schemaText('monitoring.v3#Service.name'));
        if (basicService?.serviceType !== 'ISTIO_CANONICAL_SERVICE') return;
        for (const label of CANONICAL_LABELS)
          if (!basicService.serviceLabels?.[label])
            invalid(`basicService.serviceLabels lacks ${label}`, BASIC_SERVICE);
      },
      defaults: ({ basicService }) => ({ ...(basicService && { telemetry: {} }) }),
    }),
    serviceLevelObjectives: kind<Objective>({ check: checkObjective }),
    dashboards: kind({ defaults: (_board, { world }) => ({ etag: world.fingerprint() }) }),
  },
};

/** The agent that publishes to topics exists from the first channel on. */
function addChannelAgent({ type }: Channel, { world }: Context): void {
  if (type === 'pubsub') world.addAccount(world.agent('gcp-sa-monitoring-notification'));
}

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels/delete */
function removeFromPolicies(world: CloudState, channel: string): void {
  const policies = world.entries().filter(([key]) => /^monitoring\/.*\/alertPolicies\//.test(key));
  for (const [, policy] of policies) {
    const channels = policy['notificationChannels'];
    if (Array.isArray(channels))
      policy['notificationChannels'] = channels.filter((one: unknown) => one !== channel);
  }
}

function checkObjective({ goal = 0, rollingPeriod, serviceLevelIndicator }: Objective): void {
  if (goal <= 0 || goal > 0.9999)
    invalid('goal: more than 0, at most 0.9999', schemaText('monitoring.v3#ServiceLevelObjective.goal'));
  const days = rollingPeriod === undefined ? 1 : secondsOf(rollingPeriod) / 86_400;
  if (!Number.isInteger(days) || days < 1 || days > 30)
    invalid(
      'rollingPeriod: 1 to 30 whole days',
      schemaText('monitoring.v3#ServiceLevelObjective.rollingPeriod'),
    );
  const ratio = serviceLevelIndicator?.requestBased?.goodTotalRatio;
  if (ratio !== undefined && Object.keys(ratio).length !== 2)
    invalid(
      'goodTotalRatio: exactly two filters',
      schemaText('monitoring.v3#TimeSeriesRatio.goodServiceFilter'),
    );
}
