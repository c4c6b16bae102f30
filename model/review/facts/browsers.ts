/** What browsers may do: origins that may call, content security policies, preflights. */
import { PREFLIGHT_METHOD } from '../../browsers/preflight';
import { INGRESS_GATEWAY } from '../../naming';
import { at, isObject, listAt, textAt, textsAt } from '../json';
import type { Setting } from './fact';

type Place = Pick<Setting, 'kind' | 'topic' | 'subject' | 'source'>;

/** Facts of one public host, from all of its routes; a host without origins has an empty fact, so an added one shows. */
export function browserFacts(host: string, routes: readonly unknown[], source: string): Setting[] {
  const place = { kind: 'setting', topic: 'browser', subject: INGRESS_GATEWAY.name, source } as const;
  const pages = routes.map(policiesOf).filter(({ sources }) => sources.length > 0);
  return [
    setOf(place, `${ORIGINS} ${host}`, routes.flatMap(originsOf), 'more'),
    ...transportFacts(place, host, routes),
    ...(pages.length === 0
      ? []
      : [
          setOf(
            place,
            `limited by the content security policy of ${host}`,
            intersection(pages.map(({ directives }) => directives)),
            'fewer',
          ),
          setOf(
            place,
            `allowed by the content security policy of ${host}`,
            pages.flatMap(({ sources }) => sources),
            'more',
          ),
        ]),
  ];
}

export const ORIGINS = 'origins whose pages may call';

/** `https://www.shop.example`, `regex .* with cookies`. */
function originsOf(route: unknown): string[] {
  const credentials = at(route, 'corsPolicy', 'allowCredentials') === true ? ' with cookies' : '';
  const written = textAt(route, 'headers', 'response', 'set', 'access-control-allow-origin');
  return [
    ...listAt(at(route, 'corsPolicy'), 'allowOrigins').flatMap((match) =>
      Object.entries(isObject(match) ? match : {}).map(([form, value]) =>
        form === 'exact' ? String(value) : `${form} ${String(value)}`,
      ),
    ),
    ...(written === undefined ? [] : [written]),
  ].map((origin) => origin + credentials);
}

function transportFacts(place: Place, host: string, routes: readonly unknown[]): Setting[] {
  const seconds = routes.map((route) => {
    const text = textAt(route, 'headers', 'response', 'set', 'strict-transport-security') ?? '';
    return Number(/max-age=(\d+)/.exec(text)?.[1] ?? 0);
  });
  const value = Math.min(...seconds);
  if (seconds.length === 0 || seconds.every((each) => each === 0)) return [];
  const label = `plain HTTP refused by browsers of ${host}`;
  return [{ ...place, label, value, display: `${value} s`, weaker: 'lower', minor: 'added' }];
}

/** A directive that only reports is another one. */
function policiesOf(route: unknown): { readonly directives: string[]; readonly sources: string[] } {
  const response = at(route, 'headers', 'response');
  const found = ['', '-report-only'].flatMap((suffix) =>
    ['set', 'add'].flatMap((how) => {
      const text = textAt(response, how, `content-security-policy${suffix}`) ?? '';
      return text
        .split('; ')
        .filter((directive) => directive !== '')
        .map((directive) => {
          const [name = '', ...sources] = directive.split(' ');
          return { name: suffix === '' ? name : `${name} (report only)`, sources };
        });
    }),
  );
  return {
    directives: found.map(({ name }) => name),
    sources: found.flatMap(({ name, sources }) => sources.map((each) => `${name} ${each}`)),
  };
}

/** Origins of preflights that the gateway allows without a token; which methods and paths, the routes decide. */
export function preflightFacts(rules: readonly unknown[], source: string): Setting[] {
  const place = { kind: 'setting', topic: 'browser', subject: INGRESS_GATEWAY.name, source } as const;
  const origins = rules.flatMap((rule) => textsAt(at(rule, 'when', 0), 'values'));
  return origins.length === 0 ? [] : [setOf(place, `${ORIGINS} by a preflight`, origins, 'more')];
}

/** Whether the rule allows nothing but preflights of named origins. */
export function isPreflightRule(rule: unknown): boolean {
  const keys = listAt(rule, 'when').map((condition) => textAt(condition, 'key'));
  const operations = listAt(rule, 'to').map((to) => at(to, 'operation'));
  return (
    keys[0] === 'request.headers[origin]' &&
    operations.length > 0 &&
    operations.every((operation) => textsAt(operation, 'methods').join() === PREFLIGHT_METHOD)
  );
}

function setOf(place: Place, label: string, all: readonly string[], weaker: 'more' | 'fewer'): Setting {
  const items = [...new Set(all)].sort();
  return {
    ...place,
    label,
    weaker,
    items,
    value: items.join('\n'),
    display: items.join(', '),
    minor: 'added',
  };
}

function intersection(sets: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = sets;
  return first.filter((item) => others.every((set) => set.includes(item)));
}
