/** What a resource says about the mesh, in the mesh's words: the unit that plans are compared by. */

/** In the order in which people want to read them. */
export const TOPICS = [
  'canary',
  'access',
  'public',
  'third-party',
  'token',
  'mtls',
  'default-deny',
  'timeout',
  'retries',
  'circuit-breaker',
  'objective',
  'alert',
  'image',
  'replicas',
  'resources',
] as const;
export type Topic = (typeof TOPICS)[number];

interface FactBase {
  /** Service, gateway or namespace that it is said of. */
  readonly subject: string;
  readonly topic: Topic;
  /** `timeout`, `breaker: connections`; with the subject and the topic it identifies the fact. */
  readonly label: string;
  /** Version of the subject that it holds for; left out, it holds for all. */
  readonly version?: string;
  /** Address of the resource that says it. */
  readonly source: string;
}

/** A setting with one value at a time. */
export interface Setting extends FactBase {
  readonly kind: 'setting';
  readonly value: string | number;
  /** As people read it: `6 s`. */
  readonly shown: string;
  /**
   * In which direction the setting protects less.
   *
   * @default - in neither
   */
  readonly weaker?: 'higher' | 'lower';
  /**
   * Not worth a word when it comes or goes along with what it belongs to.
   *
   * @default false
   */
  readonly minor?: true;
}

/** An edge: what a caller may ask of a callee. */
export interface Permission extends FactBase {
  readonly kind: 'permission';
  /** Service, `the public`, or a workload that is no service. */
  readonly caller: string;
  /** Version of the caller. */
  readonly callerVersion?: string;
  readonly method: string;
  readonly path: string;
  readonly token: 'required' | 'none';
}

export type Fact = Setting | Permission;

/** Stands for the people and programs outside the mesh, behind the ingress gateway. */
export const EXTERNAL_CLIENTS = 'the public';
/** Subject of what holds in every namespace. */
export const THE_MESH = 'the mesh';

/** Identity within one world; the same fact before and after has the same key. */
export function factKey(fact: Fact): string {
  const own = fact.kind === 'setting' ? [] : [fact.caller, fact.callerVersion ?? '', fact.method, fact.path];
  return [fact.subject, fact.topic, fact.label, fact.version ?? '', ...own].join('\u0000');
}

/** A shop's `checkout-v2` is version v2 of checkout. */
export function workloadParts(workload: string): { readonly service: string; readonly version?: string } {
  const [, service, version] = /^(.+)-(v[1-9]\d*)$/.exec(workload) ?? [];
  return service === undefined || version === undefined ? { service: workload } : { service, version };
}

/** `checkout-v2.purchasing.svc.cluster.local`; nothing for a host outside the mesh. */
export function hostParts(host: string): { readonly service: string; readonly version?: string } | undefined {
  const [name, ...rest] = host.split('.');
  return name !== undefined && rest[1] === 'svc' ? workloadParts(name) : undefined;
}

export function shownMs(milliseconds: number): string {
  return milliseconds >= 1_000 && milliseconds % 100 === 0
    ? `${milliseconds / 1_000} s`
    : `${milliseconds} ms`;
}
