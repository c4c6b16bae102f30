/** Subjects of SLOs: services, watched edges between them, and user journeys. */
import type { Environment } from '../environment';
import { INGRESS_GATEWAY } from '../naming';
import type { Service } from '../service';
import { isStreamOnly, servesStreamsOnly } from '../streams';
import {
  edgeRequests,
  externalClientRequests,
  serviceRequests,
  withoutStreams,
  type RequestDestination,
  type RequestSource,
  type Requests,
} from './requests';
import {
  planBurnRateAlerts,
  type ServiceLevel,
  type AlertSeverity,
  type BurnRateAlertPlan,
} from './burn-rate-alerts';

/** A set of requests with its SLOs and their owner. */
export interface SloSubject {
  readonly kind: 'service' | 'edge' | 'journey';
  /** `checkout`, `checkout → cart`, `journey checkout`. */
  readonly title: string;
  /** Service label of the alerts: the caller of an edge, the first entry of a journey. */
  readonly service: string;
  /** Prefix of the names of its objectives; empty for a service. */
  readonly prefix: string;
  readonly owner: string;
  /** Whether its alerts page; otherwise they are tickets. */
  readonly critical: boolean;
  /** Destinations of the requests. */
  readonly callees: readonly [RequestDestination, ...RequestDestination[]];
  /** If set, only requests of this caller count. */
  readonly caller?: RequestSource;
  /** Its requests, streams included. */
  readonly requests: Requests;
  readonly requestsPerSecond: number;
  readonly objectives: readonly Objective[];
}

/** An SLO: a service level indicator, its target, and its burn-rate alerts. */
export interface Objective extends ServiceLevel, BurnRateAlertPlan {
  readonly indicator: 'availability' | 'latency';
  /** Those of the subject; without streams for latency. */
  readonly requests: Requests;
  /** Unique within its service: `availability`, `cart-latency`. */
  readonly name: string;
  /** Of a latency SLO. */
  readonly thresholdMs?: number;
  /** `99.5 % of requests succeed over 28 days`. */
  readonly sentence: string;
}

/** Only critical subjects page. */
export function effectiveSeverity(
  { critical }: Pick<SloSubject, 'critical'>,
  severity: AlertSeverity,
): AlertSeverity {
  return critical ? severity : 'ticket';
}

/** Id of the Cloud Monitoring service that has the objectives. A journey has one of its own. */
export function monitoredServiceId({ kind, prefix, service }: SloSubject): string {
  return kind === 'journey' ? prefix.slice(0, -1) : service;
}

type Slos = Pick<Service['slos'], 'availability' | 'latency' | 'windowDays'> &
  Partial<Pick<Service['slos'], 'alertFloorFailedRequests'>>;

/** The service and its watched calls. */
export function subjectsOf(service: Service, environment: Environment): readonly SloSubject[] {
  return [serviceSubject(service, environment.services), ...edgeSubjects(service, environment.services)];
}

/** @param services of the environment */
export function serviceSubject(service: Service, services: readonly Service[]): SloSubject {
  const { name, owner, tier, slos } = service;
  const requestsPerSecond = slos.expectedRequestsPerSecond;
  return {
    kind: 'service',
    title: name,
    service: name,
    prefix: '',
    owner,
    critical: tier === 'critical',
    callees: [service],
    requests: serviceRequests(service),
    requestsPerSecond,
    objectives: objectivesOf('', slos, requestsPerSecond, {
      availability: serviceRequests(service),
      latency: servesStreamsOnly(service, services) ? undefined : serviceRequests(withoutStreams(service)),
    }),
  };
}

/**
 * An edge has the SLOs of the callee, measured at the caller. Its rate is estimated as one call for each request of
 * the caller, at most the callee's rate.
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
        objectives: objectivesOf(`${name}-`, { availability, latency, windowDays }, requestsPerSecond, {
          availability: edgeRequests(caller, callee),
          latency: watched.every((call) => call.service !== name || isStreamOnly(callee, call))
            ? undefined
            : edgeRequests(caller, withoutStreams(callee)),
        }),
      },
    ];
  });
}

/** Journeys are always critical. A journey's rate is the sum of its entries' rates. */
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
        title: `journey ${name}`,
        service: first.name,
        prefix,
        owner,
        critical: true,
        callees: [first, ...others],
        caller: INGRESS_GATEWAY,
        requests: externalClientRequests([first, ...others]),
        requestsPerSecond,
        objectives: objectivesOf(prefix, slos, requestsPerSecond, {
          availability: externalClientRequests([first, ...others]),
          latency: [first, ...others].every((entry) =>
            entry.ingress.every((route) => isStreamOnly(entry, route)),
          )
            ? undefined
            : externalClientRequests([withoutStreams(first), ...others.map(withoutStreams)]),
        }),
      },
    ];
  });
}

/** @param requests by indicator; an indicator without requests has no objective */
function objectivesOf(
  prefix: string,
  slos: Slos,
  requestsPerSecond: number,
  requests: Readonly<Record<Objective['indicator'], Requests | undefined>>,
): readonly Objective[] {
  const { availability, latency, windowDays, alertFloorFailedRequests: floorFailedRequests } = slos;
  const objective = (
    indicator: Objective['indicator'],
    targetPercent: number,
    event: string,
    thresholdMs?: number,
  ): Objective[] => {
    const counted = requests[indicator];
    if (counted === undefined) return [];
    const serviceLevel = { indicator, targetPercent, windowDays, requestsPerSecond, floorFailedRequests };
    return [
      {
        ...serviceLevel,
        ...planBurnRateAlerts(serviceLevel),
        requests: counted,
        name: `${prefix}${indicator}`,
        ...(thresholdMs !== undefined && { thresholdMs }),
        sentence: `${targetPercent} % of ${event} over ${windowDays} days`,
      },
    ];
  };
  return [
    ...objective('availability', availability.targetPercent, 'requests succeed'),
    ...objective(
      'latency',
      latency.targetPercent,
      `responses take less than ${latency.thresholdMs} ms`,
      latency.thresholdMs,
    ),
  ];
}
