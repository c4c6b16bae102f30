/** What one resource configures, in terms of the mesh: plans are compared fact by fact. */

import { streamServiceName } from '../../naming';

/** In reading order. */
export const TOPICS = [
  'canary',
  'access',
  'public',
  'public-name',
  'browser',
  'third-party',
  'connection',
  'permission',
  'token',
  'mtls',
  'default-deny',
  'protection',
  'evidence',
  'timeout',
  'retries',
  'circuit-breaker',
  'rate-limit',
  'objective',
  'alert',
  'notification',
  'upgrades',
  'capacity',
  'image',
  'replicas',
  'resources',
  'platform',
] as const;
export type Topic = (typeof TOPICS)[number];

interface FactBase {
  /** Service, gateway or namespace that the fact is about. */
  readonly subject: string;
  readonly topic: Topic;
  /** `timeout`, `circuit breaker: connections`; with the subject and the topic it identifies the fact. */
  readonly label: string;
  /**
   * Version of the subject.
   *
   * @default - all versions
   */
  readonly version?: string;
  /** Address of the resource. */
  readonly source: string;
}

/** A setting with one value at a time. */
export interface Setting extends FactBase {
  readonly kind: 'setting';
  readonly value: string | number;
  /** The value for people: `6 s`. */
  readonly display: string;
  /**
   * Direction in which the setting protects less: of a number, or of the number of items.
   *
   * @default - neither
   */
  readonly weaker?: 'higher' | 'lower' | 'more' | 'fewer';
  /**
   * Parts of a value that is a set.
   *
   * @default - not a set
   */
  readonly items?: readonly string[];
  /**
   * Adding it is not reported, because what it belongs to is; with `true`, neither is removing it.
   *
   * @default false
   */
  readonly minor?: true | 'added';
}

/** An edge of the call graph: one request that a caller may send. */
export interface Permission extends FactBase {
  readonly kind: 'permission';
  /** Service, {@link EXTERNAL_CLIENTS}, or a workload that is no service. */
  readonly caller: string;
  readonly callerVersion?: string;
  readonly method: string;
  readonly path: string;
  /** Whether an end-user token is required. */
  readonly token: 'required' | 'none';
  /** What the token must say, all of it. */
  readonly requires: readonly string[];
  /** Client addresses, one of them; any if empty. */
  readonly sources: readonly string[];
}

export type Fact = Setting | Permission;

/** Callers outside of the mesh, behind the ingress gateway. */
export const EXTERNAL_CLIENTS = 'external clients';
/** Subject of mesh-wide facts. */
export const THE_MESH = 'the mesh';

/** The same fact before and after the change has the same key. */
export function factKey(fact: Fact): string {
  const own = fact.kind === 'setting' ? [] : [fact.caller, fact.callerVersion ?? '', fact.method, fact.path];
  return [fact.subject, fact.topic, fact.label, fact.version ?? '', ...own].join('\u0000');
}

/** `checkout-v2` is version v2 of checkout. */
export function workloadParts(workload: string): { readonly service: string; readonly version?: string } {
  const [, service, version] = /^(.+)-(v[1-9]\d*)$/.exec(workload) ?? [];
  return service === undefined || version === undefined ? { service: workload } : { service, version };
}

interface HostParts {
  readonly service: string;
  readonly version?: string;
  /** Whether it is the host of the service's streams. */
  readonly isStreams?: true;
}

const STREAMS_HOST = new RegExp(`^(.+)${streamServiceName('')}$`);

/** `checkout-v2.purchasing.svc.cluster.local`; `undefined` for a host outside of the mesh. */
export function hostParts(host: string): HostParts | undefined {
  const [name, ...rest] = host.split('.');
  if (name === undefined || rest[1] !== 'svc') return undefined;
  const ofStreams = STREAMS_HOST.exec(name)?.[1];
  return ofStreams === undefined ? workloadParts(name) : { service: ofStreams, isStreams: true };
}

export function displayMs(milliseconds: number): string {
  return milliseconds >= 1_000 && milliseconds % 100 === 0
    ? `${milliseconds / 1_000} s`
    : `${milliseconds} ms`;
}
