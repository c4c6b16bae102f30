/** One environment with its rollback workflow, and the incidents that Cloud Monitoring sends to it. */
import type { Service } from '../../model/service';
import { ROLLBACK_ALERT_LABELS } from '../../model/canary/rollback-workflow';
import { canaryNamespaces } from '../../model/canary/split';
import { assertThat } from '../support/lab-test';
import { scratchFolder } from '../support/teardown';
import type { Teardown } from '../support/teardown';
import { startConnectGateway, type ConnectGateway } from './connect-gateway';
import type { Shop } from './shop';
import { STARTED_SECONDS } from './variant';
import { deployedWorkflow, Workflow, type Execution } from './workflow';

export interface OpenIncident {
  readonly service: Service;
  readonly action: 'rollback' | 'pause';
  readonly id: string;
  /** @default 'open' */
  readonly state?: 'open' | 'closed';
  /** Seconds since 1970. @default a minute after the release began */
  readonly startedAt?: number;
}

export interface World {
  readonly shop: Shop;
  readonly gateway: ConnectGateway;
  /** Delivers one notification of the incident. */
  readonly deliver: (incident: OpenIncident) => Promise<Execution>;
  /** Sets the open incidents, without a notification. `listed` is returned by the API as it is. */
  readonly open: (...incidents: readonly (OpenIncident | { readonly listed: object })[]) => void;
  /** The run that Cloud Scheduler starts every minute. */
  readonly scheduledRun: () => Promise<Execution>;
  readonly run: (event: unknown) => Promise<Execution>;
  /** Back to committed weights, no weight caps, no incidents, no faults. */
  readonly reset: () => Promise<void>;
}

export async function startWorld(
  teardown: Teardown,
  shop: Shop,
  options: { readonly emulator: string; readonly outputFolder: string },
): Promise<World> {
  const { environment } = shop;
  const gateway = await startConnectGateway(teardown, shop.kubernetes, shop.controllerName);
  const workflow = new Workflow({
    emulator: options.emulator,
    folder: scratchFolder(teardown, 'rollback-workflow-'),
    source: deployedWorkflow(options.outputFolder, environment.name),
    namespaces: canaryNamespaces(environment),
    gateway,
  });
  const run = (event: unknown) => workflow.run(event);
  return {
    shop,
    gateway,
    run,
    deliver: (incident) => run(notificationOf(incident)),
    open: (...incidents) =>
      gateway.setOpenAlerts(
        incidents.map((incident) => ('listed' in incident ? incident.listed : alertOf(incident))),
      ),
    scheduledRun: () => run({ reason: 'every minute' }),
    reset: async () => {
      gateway.injectFaults(() => 'pass');
      gateway.setOpenAlerts([]);
      await shop.reset();
      gateway.requests.length = 0;
      gateway.responseBytes.length = 0;
      gateway.pipelineRuns.length = 0;
    },
  };
}

/** In the form of the API that lists alerts. */
function alertOf({ service, action, id, startedAt = STARTED_SECONDS + 60 }: OpenIncident): object {
  return {
    name: `projects/lab/alerts/${id}`,
    state: 'OPEN',
    openTime: new Date(startedAt * 1_000).toISOString(),
    policy: { userLabels: userLabels(service, action) },
  };
}

/** In the form in which Eventarc delivers the Pub/Sub message of Cloud Monitoring. */
function notificationOf({ service, action, id, state, startedAt }: OpenIncident): unknown {
  const incident = {
    incident_id: id,
    state: state ?? 'open',
    started_at: startedAt ?? STARTED_SECONDS + 60,
    policy_user_labels: userLabels(service, action),
  };
  const data = Buffer.from(JSON.stringify({ incident, version: '1.2' })).toString('base64');
  return { data: { message: { data } } };
}

export function userLabels(service: Service, action: OpenIncident['action']): Record<string, string> {
  return {
    [ROLLBACK_ALERT_LABELS.service]: service.name,
    [ROLLBACK_ALERT_LABELS.namespace]: service.namespace,
    [ROLLBACK_ALERT_LABELS.action]: action,
  };
}

/** Asserts the weights of the service's routes and the maximum weights of its weight caps. */
export async function expectState(
  { shop }: World,
  service: Service,
  expected: { readonly weights: readonly number[]; readonly weightCaps: readonly number[] },
): Promise<void> {
  const weights = await shop.weights(service.name);
  const weightCaps = (await shop.weightCaps())
    .filter((weightCap) => weightCap.service === service.name)
    .map(({ maximumWeightPercent }) => maximumWeightPercent)
    .sort((a, b) => a - b);
  assertThat(
    JSON.stringify([weights, weightCaps]) === JSON.stringify([expected.weights, expected.weightCaps]),
    `${service.name}: weights ${weights.join(', ')}, weight caps ${weightCaps.join(', ') || 'none'}; expected ${expected.weights.join(', ')} and ${expected.weightCaps.join(', ') || 'none'}`,
  );
}
