/** Everything that promises something: services, watched edges between them, and journeys of the public. */
import type { Environment } from '../environment';
import { INGRESS_GATEWAY } from '../naming';
import type { Service } from '../service';
import {
  edgeRequests,
  publicRequests,
  serviceRequests,
  type Callee,
  type Caller,
  type Requests,
} from './requests';
import {
  planBurnRateAlerts,
  type ServiceLevel,
  type AlertSeverity,
  type BurnRateAlertPlan,
} from './burn-rate-alerts';

/** What is measured, for whom, and what is promised of it. */
export interface SloSubject {
  readonly kind: 'service' | 'edge' | 'journey';
  /** For people: `checkout`, `checkout → cart`, `journey checkout`. */
  readonly title: string;
  /** Service that the alerts are filed under: the caller of an edge, the first entry of a journey. */
  readonly service: string;
  /** Before the names of its objectives in labels and ids; empty for a service itself. */
  readonly prefix: string;
  readonly owner: string;
  /** Whether its pages wake somebody. */
  readonly critical: boolean;
  /** Whom the requests are for. */
  readonly callees: readonly [Callee, ...Callee[]];
  /** Whose requests alone are counted. */
  readonly caller?: Caller;
  readonly requests: Requests;
  readonly requestsPerSecond: number;
  readonly objectives: readonly Objective[];
}

/** One promise: a service level indicator, its target, and the alerts that follow. */
export interface Objective extends ServiceLevel, BurnRateAlertPlan {
  readonly indicator: 'availability' | 'latency';
  /** Unique within its service: `availability`, `cart-latency`. */
  readonly name: string;
  /** Of latency, what is still fast. */
  readonly thresholdMs?: number;
  /** As a sentence: `99.5 % of requests succeed over 28 days`. */
  readonly sentence: string;
}

/** Only what is critical wakes anybody. */
export function urgencyOf(
  { critical }: Pick<SloSubject, 'critical'>,
  severity: AlertSeverity,
): AlertSeverity {
  return critical ? severity : 'ticket';
}

/** Name in Cloud Monitoring of what the objectives are filed under: a journey stands for itself. */
export function monitoredServiceId({ kind, prefix, service }: SloSubject): string {
  return kind === 'journey' ? prefix.slice(0, -1) : service;
}

type Slos = Pick<Service['slos'], 'availability' | 'latency' | 'windowDays'> &
  Partial<Pick<Service['slos'], 'alertFloorFailedRequests'>>;

/** The service and the calls of it that the catalogue watches. */
export function subjectsOf(service: Service, environment: Environment): readonly SloSubject[] {
  return [serviceSubject(service), ...edgeSubjects(service, environment.services)];
}

export function serviceSubject(service: Service): SloSubject {
  const { name, owner, tier, slos } = service;
  const requestsPerSecond = slos.expectedRequestsPerSecond;
  return {
    kind: 'service',
    ...{ title: name, service: name, prefix: '', owner, requestsPerSecond },
    critical: tier === 'critical',
    callees: [service],
    requests: serviceRequests(service),
    objectives: objectivesOf('', slos, requestsPerSecond),
  };
}

/**
 * A caller sees what the callee promises, or the network between them fails. Each request of the caller is taken
 * to make one call, as far as the callee expects that many.
 */
function edgeSubjects(caller: Service, services: readonly Service[]): SloSubject[] {
  const watched = caller.versions.flatMap(({ calls }) => calls.filter((call) => call.watched));
  return [...new Set(watched.map(({ service }) => service))].flatMap((name): SloSubject[] => {
    const callee = services.find((service) => service.name === name);
    if (callee === undefined) return [];
    const requestsPerSecond = Math.min(
      caller.slos.expectedRequestsPerSecond,
      callee.slos.expectedRequestsPerSecond,
    );
    const { availability, latency, windowDays } = callee.slos;
    return [
      {
        kind: 'edge',
        title: `${caller.name} → ${name}`,
        service: caller.name,
        prefix: `${name}-`,
        owner: caller.owner,
        critical: caller.tier === 'critical',
        callees: [callee],
        caller,
        requests: edgeRequests(caller, callee),
        requestsPerSecond,
        objectives: objectivesOf(`${name}-`, { availability, latency, windowDays }, requestsPerSecond),
      },
    ];
  });
}

/** A journey is critical by being declared. Its rate is that of its entries. */
export function journeySubjects({ journeys, services }: Environment): readonly SloSubject[] {
  return journeys.flatMap(({ name, owner, entries, slos }): SloSubject[] => {
    const [first, ...others] = services.filter((service) => entries.includes(service.name));
    if (first === undefined) return [];
    const requestsPerSecond = [first, ...others].reduce(
      (sum, service) => sum + service.slos.expectedRequestsPerSecond,
      0,
    );
    const prefix = `journey-${name}-`;
    return [
      {
        kind: 'journey',
        ...{ title: `journey ${name}`, service: first.name, prefix, owner, critical: true },
        callees: [first, ...others],
        caller: INGRESS_GATEWAY,
        requests: publicRequests([first, ...others]),
        requestsPerSecond,
        objectives: objectivesOf(prefix, slos, requestsPerSecond),
      },
    ];
  });
}

function objectivesOf(prefix: string, slos: Slos, requestsPerSecond: number): readonly Objective[] {
  const { availability, latency, windowDays, alertFloorFailedRequests: floorFailedRequests } = slos;
  const objective = (
    indicator: Objective['indicator'],
    targetPercent: number,
    what: string,
    thresholdMs?: number,
  ): Objective => {
    const slo = { indicator, targetPercent, windowDays, requestsPerSecond, floorFailedRequests };
    return {
      ...slo,
      ...planBurnRateAlerts(slo),
      name: `${prefix}${indicator}`,
      ...(thresholdMs !== undefined && { thresholdMs }),
      sentence: `${targetPercent} % of ${what} over ${windowDays} days`,
    };
  };
  return [
    objective('availability', availability.targetPercent, 'requests succeed'),
    objective(
      'latency',
      latency.targetPercent,
      `answers take under ${latency.thresholdMs} ms`,
      latency.thresholdMs,
    ),
  ];
}
