/** What the catalogue wants to happen to a request: refused, or to whom, how long, how often. */
import type { Environment } from '../../model/environment';
import { removedHeaders } from '../../model/header-policy';
import type { External, Service } from '../../model/service';
import { declaredRoutes, routeOf } from './declared-requests';
import { openedStream, streamOutcome } from './declared-streams';
import { NOT_FOUND, pool, type Outcome, type RoutedRequest } from './route-evaluator';

/** Conditions after which the callee cannot have seen the request. */
const SAFE = ['connect-failure', 'refused-stream'];
const READS = ['GET', 'HEAD'];
const WITH_BODY = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** An application that decodes them serves a path that no policy has checked. */
const AMBIGUOUS = /%(2f|5c|25|00|c0|c1)/i;

export function declaredInMesh(service: Service, request: RoutedRequest): Outcome {
  if (AMBIGUOUS.test(request.path)) return { status: 400 };
  const stream = openedStream(service, request);
  if (stream !== undefined) return streamOutcome(service, stream, false);
  return toService(service, request.method, {
    removedFromRequest: [],
    removedFromResponse: [],
    subset: undefined,
  });
}

export function declaredAtPublicHost(
  environment: Environment,
  host: string,
  request: RoutedRequest,
): Outcome {
  const { headers = {}, method } = request;
  if (AMBIGUOUS.test(request.path)) return { status: 400 };
  const byHost = declaredRoutes(environment).filter((candidate) => candidate.host === host);
  const route = routeOf(byHost, request);
  const stream = route && openedStream(route.service, request);
  // No other connection may leave HTTP.
  if (headers['upgrade'] !== undefined)
    return route && stream?.webSocket ? streamOutcome(route.service, stream, true) : { status: 400 };
  // Reads have connections of their own, which a slow body would hold.
  if (READS.includes(method) && Number(headers['content-length'] ?? 0) > 0) return { status: 400 };
  if (route === undefined) return NOT_FOUND;
  const length = Number(headers['content-length'] ?? 0);
  if (WITH_BODY.includes(method) && length > route.maxBodyMegabytes * 1_000_000) return { status: 413 };
  if (stream !== undefined) return streamOutcome(route.service, stream, true);
  return toService(route.service, method, {
    removedFromRequest: removedHeaders('fromClients'),
    removedFromResponse: removedHeaders('toClients'),
    subset: READS.includes(method) ? undefined : route.bodyPool,
  });
}

/** Time that a caller waits for the gateway beyond the gateway's own timeout, so that it gets the gateway's answer. */
export const GATEWAY_MARGIN_MS = 50;

/** A caller that finds no connection to one pod of the gateway tries others. */
const ATTEMPTS_AT_OTHER_GATEWAYS = 2;

export function declaredToThirdParty(external: External, request: RoutedRequest): Outcome {
  if (AMBIGUOUS.test(request.path)) return { status: 400 };
  const atGateway = request.gateway === 'egress-gateway';
  const { attempts, perTryTimeoutMs } = external.retries;
  const retries = atGateway ? attempts : ATTEMPTS_AT_OTHER_GATEWAYS;
  return {
    destinations: [
      `${atGateway ? `${external.host}:80` : 'egress-gateway.egress-gateway.svc.cluster.local:443'} 100 %`,
    ],
    timeoutMs: external.timeoutMs + (atGateway ? 0 : GATEWAY_MARGIN_MS),
    attempts: retries,
    perTryMs: atGateway && retries > 0 ? perTryTimeoutMs : undefined,
    // A charge must not be made twice.
    retryOn: retries === 0 ? [] : SAFE,
    removedFromRequest: atGateway ? removedHeaders('toThirdParties') : [],
    removedFromResponse: [],
  };
}

interface Treatment {
  readonly removedFromRequest: readonly string[];
  readonly removedFromResponse: readonly string[];
  readonly subset: string | undefined;
}

/** Per service: one outcome for each treatment of reads and of writes. */
const known = new WeakMap<Service, Map<string, Outcome>>();

function toService(service: Service, method: string, treatment: Treatment): Outcome {
  const isRead = READS.includes(method);
  const ofService = known.get(service) ?? new Map<string, Outcome>();
  known.set(service, ofService);
  const key = `${isRead}/${treatment.removedFromRequest.length}/${treatment.subset}`;
  const outcome = ofService.get(key) ?? computed(service, isRead, treatment);
  ofService.set(key, outcome);
  return outcome;
}

function computed(service: Service, isRead: boolean, treatment: Treatment): Outcome {
  const { attempts, on, perTryTimeoutMs } = service.retries;
  const retryOn = isRead ? on : on.filter((condition) => SAFE.includes(condition));
  const retries = retryOn.length === 0 ? 0 : attempts;
  return {
    destinations: service.versions
      .map(({ host, weightPercent }) => `${host}:80${pool(treatment.subset)} ${weightPercent} %`)
      .sort(),
    timeoutMs: service.timeoutMs,
    attempts: retries,
    perTryMs: retries === 0 ? undefined : perTryTimeoutMs,
    retryOn: retries === 0 ? [] : [...retryOn].sort(),
    removedFromRequest: [...treatment.removedFromRequest].sort(),
    removedFromResponse: [...treatment.removedFromResponse].sort(),
  };
}
