/** Routes requests as the proxies do: the first rule with a matching condition decides. */
import { istioMilliseconds } from './istio-duration';

interface Text {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

interface Match {
  readonly uri?: Text;
  readonly method?: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly gateways?: readonly string[];
  readonly port?: number;
}

/** What the CORS filter does on a route. */
export interface CorsPolicy {
  readonly allowOrigins?: readonly Text[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly allowCredentials?: boolean;
  readonly maxAge?: string;
}

export interface HttpRule {
  readonly name?: string;
  readonly corsPolicy?: CorsPolicy;
  readonly match?: readonly Match[];
  readonly route?: readonly {
    readonly destination?: {
      readonly host?: string;
      readonly subset?: string;
      readonly port?: { readonly number?: number };
    };
    readonly weight?: number;
  }[];
  readonly timeout?: string;
  readonly retries?: {
    readonly attempts?: number;
    readonly perTryTimeout?: string;
    readonly retryOn?: string;
  };
  readonly headers?: {
    readonly request?: { readonly remove?: readonly string[] };
    readonly response?: {
      readonly remove?: readonly string[];
      readonly set?: Readonly<Record<string, string>>;
      readonly add?: Readonly<Record<string, string>>;
    };
  };
  readonly fault?: {
    readonly abort?: { readonly httpStatus?: number; readonly percentage?: { readonly value?: number } };
  };
}

export interface RoutedRequest {
  readonly gateway: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to a request. Two outcomes with the same text are the same. */
export type Outcome =
  | { readonly status: number }
  | {
      /** `host:port/pool` with its weight, sorted. Weights are percentages: the admission policies add them up to 100. */
      readonly destinations: readonly string[];
      readonly timeoutMs: number;
      readonly attempts: number;
      readonly perTryMs: number | undefined;
      readonly retryOn: readonly string[];
      readonly removedFromRequest: readonly string[];
      readonly removedFromResponse: readonly string[];
    };

/** No rule matches. */
export const NOT_FOUND: Outcome = { status: 404 };

export function routeOutcome(
  rules: readonly HttpRule[],
  request: RoutedRequest,
  defaultGateways: readonly string[],
): Outcome {
  const rule = ruleFor(rules, request, defaultGateways);
  if (rule === undefined) return NOT_FOUND;
  const known = outcomes.get(rule) ?? outcomeOfRule(rule);
  outcomes.set(rule, known);
  return known;
}

export function ruleFor(
  rules: readonly HttpRule[],
  request: RoutedRequest,
  defaultGateways: readonly string[],
): HttpRule | undefined {
  return rules.find(
    ({ match }) =>
      match === undefined || match.length === 0 || match.some((it) => matches(it, request, defaultGateways)),
  );
}

/** A rule has one outcome, however many requests match it. */
const outcomes = new WeakMap<HttpRule, Outcome>();

function outcomeOfRule(rule: HttpRule): Outcome {
  const abort = rule.fault?.abort;
  if (abort?.percentage?.value === 100) return { status: abort.httpStatus ?? 0 };
  const { retries, headers, route = [] } = rule;
  // Istio retries twice unless the rule says anything about retries.
  const attempts = retries === undefined ? 2 : (retries.attempts ?? 0);
  return {
    destinations: route
      .map(
        ({ destination, weight = route.length === 1 ? 100 : 0 }) =>
          `${destination?.host}:${destination?.port?.number}${pool(destination?.subset)} ${weight} %`,
      )
      .sort(),
    timeoutMs: istioMilliseconds(rule.timeout),
    attempts,
    perTryMs:
      attempts === 0 || retries?.perTryTimeout === undefined
        ? undefined
        : istioMilliseconds(retries.perTryTimeout),
    retryOn: attempts === 0 ? [] : (retries?.retryOn ?? '').split(',').sort(),
    removedFromRequest: [...(headers?.request?.remove ?? [])].sort(),
    removedFromResponse: [...(headers?.response?.remove ?? [])].sort(),
  };
}

/** Part of a destination with connections of its own. */
export function pool(subset: string | undefined): string {
  return subset === undefined ? '' : `/${subset}`;
}

function matches(
  { uri, method, headers = {}, gateways, port }: Match,
  request: RoutedRequest,
  defaultGateways: readonly string[],
): boolean {
  return (
    (gateways ?? defaultGateways).includes(request.gateway) &&
    (port === undefined || request.gateway !== 'mesh' || port === 80) &&
    (uri === undefined || routeTextMatches(uri, request.path)) &&
    (method === undefined || routeTextMatches(method, request.method)) &&
    Object.entries(headers).every(([name, text]) => {
      const value = request.headers?.[name];
      return value !== undefined && routeTextMatches(text, value);
    })
  );
}

export function routeTextMatches({ exact, prefix, regex }: Text, value: string): boolean {
  if (exact !== undefined) return exact === value;
  if (prefix !== undefined) return value.startsWith(prefix);
  return regex === undefined || compiled(regex).test(value);
}

const expressions = new Map<string, RegExp>();

function compiled(regex: string): RegExp {
  const known = expressions.get(regex) ?? new RegExp(`^(?:${regex})$`);
  expressions.set(regex, known);
  return known;
}
