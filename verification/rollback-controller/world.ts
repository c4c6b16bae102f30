/** One environment with its guard, and what Cloud Monitoring says to it. */
import type { Service } from '../../model/service';
import { canaryNamespaces } from '../../model/canary/split';
import { assertThat } from '../support/lab-test';
import { scratchFolder } from '../support/teardown';
import type { Teardown } from '../support/teardown';
import { startConnectGateway, type ConnectGateway } from './connect-gateway';
import type { Shop } from './shop';
import { STARTED_SECONDS } from './variant';
import { deployedWorkflow, Workflow, type Execution } from './workflow';

export interface Incident {
  readonly service: Service;
  readonly action: 'rollback' | 'pause';
  readonly id: string;
  /** @default 'open' */
  readonly state?: 'open' | 'closed';
  /** @default a minute after the release began */
  readonly startedAt?: number;
}

export interface World {
  readonly shop: Shop;
  readonly gateway: ConnectGateway;
  /** The incident, delivered once. */
  readonly deliver: (incident: Incident) => Promise<Execution>;
  /** Makes the incidents those that are open from now on, without a notice; others are listed as they are. */
  readonly open: (...incidents: readonly (Incident | { readonly listed: object })[]) => void;
  readonly minute: () => Promise<Execution>;
  readonly call: (event: unknown) => Promise<Execution>;
  /** Committed weights, no ceiling, nothing told, every request let through. */
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
    folder: scratchFolder(teardown, 'lab-guard-workflow-'),
    source: deployedWorkflow(options.outputFolder, environment.name),
    namespaces: canaryNamespaces(environment),
    gateway,
  });
  const call = (event: unknown) => workflow.run(event);
  return {
    shop,
    gateway,
    call,
    deliver: (incident) => call(notificationOf(incident)),
    open: (...incidents) =>
      gateway.openAlerts(
        incidents.map((incident) => ('listed' in incident ? incident.listed : alertOf(incident))),
      ),
    minute: () => call({ reason: 'every minute' }),
    reset: async () => {
      gateway.decideBy(() => 'pass');
      gateway.openAlerts([]);
      await shop.reset();
      gateway.requests.length = 0;
      gateway.answers.length = 0;
      gateway.pipelineRuns.length = 0;
    },
  };
}

/** As Cloud Monitoring lists it. */
function alertOf({ service, action, id, startedAt = STARTED_SECONDS + 60 }: Incident): object {
  return {
    name: `projects/lab/alerts/${id}`,
    state: 'OPEN',
    openTime: new Date(startedAt * 1_000).toISOString(),
    policy: { userLabels: { service: service.name, namespace: service.namespace, action } },
  };
}

/** As Pub/Sub hands on what Cloud Monitoring sends. */
function notificationOf({ service, action, id, state, startedAt }: Incident): unknown {
  const incident = {
    incident_id: id,
    state: state ?? 'open',
    started_at: startedAt ?? STARTED_SECONDS + 60,
    policy_user_labels: { service: service.name, namespace: service.namespace, action },
  };
  const data = Buffer.from(JSON.stringify({ incident, version: '1.2' })).toString('base64');
  return { data: { message: { data } } };
}

/** What is true of the world, whatever happened before. */
export async function expectHeld(
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
    `${service.name}: weights ${weights.join(', ')}, ceilings ${weightCaps.join(', ') || 'none'}; expected ${expected.weights.join(', ')} and ${expected.weightCaps.join(', ') || 'none'}`,
  );
}
