/**
 * Decides requests as the proxies do.
 *
 * @see https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
import { cidrContains } from '../../model/cidr';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import type { PolicyRequest, Sender } from './declared-requests';
import { labelsMatch, specOf, type Labels, type Workload } from './subject';

interface Source {
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly requestPrincipals?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly namespaces?: readonly string[];
}

interface Operation {
  readonly hosts?: readonly string[];
  readonly ports?: readonly string[];
  readonly methods?: readonly string[];
  readonly notMethods?: readonly string[];
  readonly paths?: readonly string[];
  readonly notPaths?: readonly string[];
}

interface Rule {
  readonly from?: readonly { readonly source?: Source }[];
  readonly to?: readonly { readonly operation?: Operation }[];
  readonly when?: readonly { readonly key?: string; readonly values?: readonly string[] }[];
}

export interface PolicySpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly action?: string;
  readonly rules?: readonly Rule[];
}

const ROOT = 'istio-system';

/** Policies that apply to the workload: its own namespace's and the root namespace's. */
export function policiesFor(policies: readonly KubernetesManifest[], workload: Workload): PolicySpec[] {
  return policies
    .filter(
      ({ metadata }) =>
        (metadata.namespace === workload.namespace || metadata.namespace === ROOT) &&
        metadata.annotations?.['istio.io/dry-run'] !== 'true',
    )
    .map((object) => specOf<PolicySpec>(object))
    .filter(({ selector }) => labelsMatch(selector?.matchLabels, workload.labels));
}

/** The policies with those of their rules that can match a request of the sender. */
export function policiesFrom(policies: readonly PolicySpec[], sender: Sender): PolicySpec[] {
  return policies.map((policy) => ({
    ...policy,
    rules: (policy.rules ?? []).filter(({ from }) => fromMatches(from, sender)),
  }));
}

/** Whether no rule is left that could accept anything. */
export function isDenied(policies: readonly PolicySpec[]): boolean {
  return policies.length > 0 && policies.every(({ rules = [] }) => rules.length === 0);
}

export function accepts(policies: readonly PolicySpec[], request: PolicyRequest): boolean {
  const matching = (action: string) => policies.filter((policy) => (policy.action ?? 'ALLOW') === action);
  const anyRule = (of: readonly PolicySpec[]) =>
    of.some(({ rules = [] }) => rules.some((rule) => ruleMatches(rule, request)));
  if (anyRule(matching('DENY'))) return false;
  const allow = matching('ALLOW');
  return allow.length === 0 || anyRule(allow);
}

function ruleMatches({ from, to, when = [] }: Rule, request: PolicyRequest): boolean {
  return (
    fromMatches(from, request) &&
    when.every(({ key, values }) => conditionMatches(key ?? '', values ?? [], request)) &&
    (to === undefined || to.some(({ operation }) => operationMatches(operation ?? {}, request)))
  );
}

/** A condition on anything but a header or a claim is a finding of its own. */
function conditionMatches(key: string, values: readonly string[], request: PolicyRequest): boolean {
  const { headers = {}, claims = {} } = request;
  const [, header = ''] = HEADER_CONDITION.exec(key) ?? [];
  const [, claim = ''] = CLAIM_CONDITION.exec(key) ?? [];
  const seen = claims[claim] ?? (headers[header] === undefined ? [] : [headers[header]]);
  return seen.some((value) => values.some((pattern) => textMatches(pattern, value)));
}

export const HEADER_CONDITION = /^request\.headers\[([a-z-]+)\]$/;
export const CLAIM_CONDITION = /^request\.auth\.claims\[([^\]]+)\]$/;

function fromMatches(from: Rule['from'], sender: Sender): boolean {
  return from === undefined || from.some(({ source }) => sourceMatches(source ?? {}, sender));
}

function sourceMatches(source: Source, { caller, issuer, address }: Sender): boolean {
  const principal = caller && `${caller.domain}/ns/${caller.namespace}/sa/${caller.serviceAccount}`;
  return (
    includes(source.principals, principal) &&
    excludes(source.notPrincipals, principal) &&
    includes(source.namespaces, caller?.namespace) &&
    includes(source.requestPrincipals, issuer && `${issuer}/client`) &&
    includesAddress(source.remoteIpBlocks, address)
  );
}

function operationMatches(operation: Operation, request: PolicyRequest): boolean {
  return (
    includes(operation.hosts, request.host) &&
    includes(operation.ports, String(request.port)) &&
    includes(operation.methods, request.method) &&
    excludes(operation.notMethods, request.method) &&
    includes(operation.paths, request.path) &&
    excludes(operation.notPaths, request.path)
  );
}

/** Missing and empty lists match everything. */
function includes(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (patterns === undefined || patterns.length === 0) return true;
  return value !== undefined && patterns.some((pattern) => textMatches(pattern, value));
}

function includesAddress(ranges: readonly string[] = [], address: string | undefined): boolean {
  return (
    ranges.length === 0 || (address !== undefined && ranges.some((range) => cidrContains(range, address)))
  );
}

function excludes(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  return !(patterns ?? []).some((pattern) => value !== undefined && textMatches(pattern, value));
}

/** `*` is any value, a star at the end a prefix, at the beginning a suffix. */
export function textMatches(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return pattern === value;
}
