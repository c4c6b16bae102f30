/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- mutations change arbitrary JSON */
import { edit, route, type Json, type Mutation } from './mutation';

const API = 'VirtualService ingress-gateway/api';
const WEB = 'VirtualService ingress-gateway/web';
const POLICY = 'AuthorizationPolicy ingress-gateway/ingress-gateway';

const preflightRules = (spec: Json) =>
  (spec['rules'] as Json[]).filter(({ when }) => when?.[0].key === 'request.headers[origin]');
const preflightRoutes = (spec: Json) =>
  (spec['http'] as Json[]).filter(({ name }) => String(name).startsWith('preflight-'));
const answersOf = (spec: Json) =>
  (spec['http'] as Json[]).filter(
    ({ corsPolicy, name }) => corsPolicy !== undefined && !/^preflight-/.test(String(name)),
  );

/** Calls from pages of other hosts, and security headers. */
export const BROWSER_MUTATIONS: readonly Mutation[] = [
  {
    what: 'preflights of any origin pass authorization',
    killedBy: /^browsers\/refused-preflights-of-api/,
    change: edit(POLICY, (spec) => preflightRules(spec).forEach((rule) => void rule['when'].shift())),
  },
  {
    what: 'preflights for any method pass authorization',
    killedBy: /^browsers\/refused-preflights-of-api/,
    change: edit(POLICY, (spec) => preflightRules(spec).forEach((rule) => void rule['when'].pop())),
  },
  {
    what: 'preflights need a token',
    killedBy: /^browsers\/preflight-of-api/,
    change: edit(POLICY, (spec) =>
      preflightRules(spec).forEach((rule) => (rule['from'] = [{ source: { requestPrincipals: ['*'] } }])),
    ),
  },
  {
    what: 'preflights of any path pass authorization',
    killedBy: /^browsers\/refused-preflights-of-api/,
    change: edit(POLICY, (spec) =>
      preflightRules(spec).forEach((rule) => (rule['to'][0].operation.paths = ['/*'])),
    ),
  },
  {
    what: 'the routes of preflights answer none',
    killedBy: /^browsers\/preflight-of-api/,
    change: edit(API, (spec) => preflightRoutes(spec).forEach((rule) => delete rule['corsPolicy'])),
  },
  {
    what: 'pages may not send a token',
    killedBy: /^browsers\/preflight-of-api/,
    change: edit(API, (spec) =>
      preflightRoutes(spec).forEach((rule) => void rule['corsPolicy'].allowHeaders.shift()),
    ),
  },
  {
    what: 'pages of other hosts may send cookies',
    killedBy: /^browsers\/(preflight|calls)-of-api/,
    change: edit(API, (spec) =>
      [...preflightRoutes(spec), ...answersOf(spec)].forEach(
        (rule) => (rule['corsPolicy'].allowCredentials = true),
      ),
    ),
  },
  {
    what: 'any origin may read responses',
    killedBy: /^browsers\/calls-of-api/,
    change: edit(API, (spec) =>
      answersOf(spec).forEach((rule) => (rule['corsPolicy'].allowOrigins = [{ regex: '.*' }])),
    ),
  },
  {
    what: 'pages cannot read the status of a wrong token',
    killedBy: /^browsers\/calls-of-api/,
    change: edit(API, (spec) =>
      answersOf(spec).forEach((rule) => delete rule['headers'].response.set['access-control-allow-origin']),
    ),
  },
  {
    what: 'the application decides about cookies of other pages',
    killedBy: /^browsers\/calls-of-api/,
    change: edit(API, (spec) =>
      answersOf(spec).forEach((rule) => {
        const response = rule['headers'].response as { remove: string[] };
        response.remove = response.remove.filter((name) => !name.startsWith('access-control-'));
      }),
    ),
  },
  {
    what: 'pages have no content security policy',
    killedBy: /^browsers\/headers-of-www/,
    change: edit(WEB, (spec) => delete route(spec, 'frontend-reads-0')['headers'].response.add),
  },
  {
    what: 'the application takes back that browsers use HTTPS only',
    killedBy: /^browsers\/headers-of-www/,
    change: edit(
      WEB,
      (spec) => delete route(spec, 'frontend-reads-0')['headers'].response.set['strict-transport-security'],
    ),
  },
  {
    what: 'applications get the scheme that the client wrote',
    killedBy: /^edge-headers\/scheme-of-www/,
    change: edit(WEB, (spec) => delete route(spec, 'frontend-reads-0')['headers'].request.set),
  },
];
