/** Faults on purpose: responses that Google gives now and then, whatever the request. */
import type { ApiResponse } from '../engine/api';

export type FaultKind =
  /** The change is refused; nothing happened. */
  | 'error-500'
  | 'conflict-409'
  | 'rate-limit-429'
  /** The change is made and the connection closes before the response. */
  | 'lost-response'
  /** The token has expired. */
  | 'unauthorized-401';

export interface Fault {
  readonly kind: FaultKind;
  /** Requests that it may hit. */
  readonly matches: (verb: string, host: string, target: string) => boolean;
  /** Each different request is hit this often. @default 1 */
  readonly times?: number;
}

/** Decides which requests a fault hits. */
export class FaultPlan {
  private readonly hits = new Map<string, number>();
  injected = 0;

  constructor(private readonly faults: readonly Fault[]) {}

  next(verb: string, host: string, target: string): FaultKind | undefined {
    for (const { kind, matches, times = 1 } of this.faults) {
      if (!matches(verb, host, target)) continue;
      const key = `${kind} ${verb} ${host}${target}`;
      const hits = this.hits.get(key) ?? 0;
      if (hits >= times) continue;
      this.hits.set(key, hits + 1);
      this.injected += 1;
      return kind;
    }
    return undefined;
  }
}

const RESPONSES: Readonly<
  Record<Exclude<FaultKind, 'lost-response'>, readonly [number, string, string, string]>
> = {
  'error-500': [500, 'INTERNAL', 'backendError', 'Internal error encountered.'],
  'conflict-409': [409, 'ABORTED', 'conflict', 'There were concurrent changes; retry.'],
  'rate-limit-429': [429, 'RESOURCE_EXHAUSTED', 'rateLimitExceeded', 'Quota exceeded for quota metric.'],
  'unauthorized-401': [
    401,
    'UNAUTHENTICATED',
    'authError',
    'Request had invalid authentication credentials.',
  ],
};

export function faultResponse(kind: Exclude<FaultKind, 'lost-response'>): ApiResponse {
  const [code, status, reason, message] = RESPONSES[kind];
  return {
    status: code,
    body: { error: { code, status, message, errors: [{ message, reason, domain: 'global' }] } },
  };
}
