/** Streams in the catalogue, in routes, at the load balancer, and in objectives. */
import { renderPublicRoutes } from '../../constructs/gateway/public-route';
import { renderStreamPolicy } from '../../constructs/retail-microservice/stream-policy';
import { renderMeshRoutes } from '../../constructs/retail-microservice/route';
import { streamBackends } from '../../model/edge-backends';
import { backendTimeoutSeconds } from '../../model/edge-load';
import { publicHosts } from '../../model/public-routes';
import { streamHost, streamsWithin, longestDrainMs } from '../../model/streams';
import { subjectsOf } from '../../model/slo/subjects';
import { totalSelector } from '../../model/slo/requests';
import { aCatalogue, edited, errorsOf } from '../support/catalogue-fixture';

const WEB = 'services/web.yaml';
const PAGES = 'paths: [/, /*], jwt: none }';

/** The fixture whose pages have these streams, as YAML lines. */
const webWith = (...streams: string[]) =>
  edited(WEB, PAGES, `${PAGES}\nstreams:\n${streams.map((stream) => `  - { ${stream} }`).join('\n')}`);

function webOf(...streams: string[]): any {
  const [environment] = aCatalogue(webWith(...streams)).environments;
  const service = environment!.services.find(({ name }) => name === 'web')!;
  const [host] = publicHosts(environment!);
  return { environment, service, rules: renderPublicRoutes(host!) as any[] };
}

const EVENTS = 'methods: [GET], paths: [/events], maxDurationSeconds: 900, drainSeconds: 20';
const CHAT = 'methods: [GET], paths: [/chat/*], webSocket: true, idleTimeoutSeconds: 45, maxOpen: 70';

describe('the paths of a stream', () => {
  const { service } = webOf(EVENTS, CHAT);

  test.each([
    ['GET', '/*', ['/events', '/chat/*']],
    ['GET', '/events', ['/events']],
    ['GET', '/chat/room', ['/chat/room']],
    ['GET', '/event', []],
    ['POST', '/*', []],
  ])('among %s %s are %p', (method: any, path, expected) => {
    expect(streamsWithin(service, { methods: [method], path }).map((match) => match.path)).toEqual(expected);
  });
});

describe('the gateway', () => {
  const { rules, service } = webOf(EVENTS, CHAT);
  const names = rules.map((rule: any) => rule.name);

  test('switches to WebSockets on the declared path only, and refuses all other upgrades', () => {
    const refusal = names.indexOf('protocol-upgrade');
    expect(names.slice(0, refusal)).toEqual(['ambiguous-path', 'web-stream-1']);
    expect(rules[1].match).toEqual([
      {
        uri: { prefix: '/chat/' },
        method: { exact: 'GET' },
        headers: { upgrade: { regex: expect.stringMatching(/^\[wW\]/) } },
      },
    ]);
  });

  test('sends streams to a host of their own, without retries, with the time limit of the stream', () => {
    expect(names.indexOf('web-stream-0')).toBeLessThan(names.indexOf('web-reads'));
    const events = rules.find((rule: any) => rule.name === 'web-stream-0');
    expect(events).toMatchObject({
      route: [{ destination: { host: streamHost(service) }, weight: 100 }],
      timeout: '900s',
      retries: { attempts: 0 },
    });
  });

  test('drains for as long as streams may take to end', () => {
    expect(longestDrainMs(service, service.streams)).toBe(30_000);
    expect(longestDrainMs(service, service.streams.slice(0, 1))).toBe(20_000);
    expect(longestDrainMs(service, [])).toBe(service.timeoutMs);
  });
});

test('callers inside of the mesh get the same streams', () => {
  const { service } = webOf(EVENTS);
  const rules = renderMeshRoutes(service) as any[];
  expect(rules.map((rule: any) => rule.name)).toEqual(['ambiguous-path', 'stream-0', 'default']);
  expect(rules[1]).toMatchObject({ timeout: '900s', retries: { attempts: 0 } });
});

test('streams have a connection pool of their own, of the sum of their limits', () => {
  const { service } = webOf(EVENTS, CHAT);
  const { spec } = renderStreamPolicy(service, streamHost(service)!) as any;
  expect(spec.trafficPolicy.connectionPool).toMatchObject({
    tcp: { maxConnections: 570, tcpKeepalive: { time: '45s' } },
    http: { http2MaxRequests: 570, h2UpgradePolicy: 'DO_NOT_UPGRADE' },
  });
});

describe('the load balancer', () => {
  test('has no further backend without streams', () => {
    const [environment] = aCatalogue().environments;
    expect(streamBackends(environment!)).toEqual([]);
  });

  test('has a time limit for each kind of backend, not one for all', () => {
    const { environment } = webOf(EVENTS, 'methods: [GET], paths: [/export], maxDurationSeconds: 60', CHAT);
    expect(backendTimeoutSeconds(environment)).toBe(7);
    expect(streamBackends(environment)).toEqual([
      {
        kind: 'streams',
        name: 'ingress-gateway-streams',
        timeoutSeconds: 905,
        paths: new Map([['web', ['/events', '/export']]]),
      },
      {
        kind: 'websockets',
        name: 'ingress-gateway-websockets',
        timeoutSeconds: 45,
        paths: new Map([['web', ['/chat/*']]]),
      },
    ]);
  });
});

describe('objectives', () => {
  const targetsOf = (...streams: string[]) => {
    const { environment, service } = webOf(...streams);
    const [subject] = subjectsOf(service, environment);
    return Object.fromEntries(
      subject!.objectives.map(({ indicator, requests }) => [
        indicator,
        /service_name=~?"([^"]+)"/.exec(totalSelector(requests))![1],
      ]),
    );
  };

  test('availability counts streams, latency does not', () => {
    expect(targetsOf(EVENTS)).toEqual({
      availability: 'web|web-v1|web-streams',
      latency: 'web|web-v1',
    });
  });

  test('a service of streams only has no latency objective', () => {
    expect(targetsOf('methods: [GET], paths: [/]', EVENTS)).toHaveProperty('latency');
    const onlyStreams = edited(WEB, PAGES, 'paths: [/events], jwt: none }', {
      [WEB]: webWith(EVENTS)[WEB]!,
    });
    const [environment] = aCatalogue(onlyStreams).environments;
    const service = environment!.services.find(({ name }) => name === 'web')!;
    expect(subjectsOf(service, environment!)[0]!.objectives.map(({ indicator }) => indicator)).toEqual([
      'availability',
    ]);
  });
});

describe('refused', () => {
  test.each([
    ['/* as a stream', 'methods: [GET], paths: [/*]', "paths[0]: '/*' makes every request a stream"],
    [
      'a WebSocket that is opened by POST',
      'methods: [POST], paths: [/chat], webSocket: true',
      'methods: [POST] is not how a WebSocket is opened',
    ],
  ])('%s', (_, stream, message) => {
    expect(errorsOf(webWith(stream))[0]).toContain(`streams[0].${message}`);
  });

  test('a WebSocket over HTTP/2', () => {
    const http2 = edited(WEB, 'timeoutMs', 'protocol: http2\ntimeoutMs', { [WEB]: webWith(CHAT)[WEB]! });
    expect(errorsOf(http2)[0]).toContain('streams[0].webSocket: a WebSocket needs HTTP/1.1');
  });

  test('two streams of one request; a WebSocket may share the path of a stream', () => {
    expect(errorsOf(webWith(EVENTS, 'methods: [GET], paths: [/events]'))[0]).toContain(
      'streams[1].paths: [/events] overlaps with the stream [/events]',
    );
    expect(errorsOf(webWith(EVENTS, 'methods: [GET], paths: [/events], webSocket: true'))).toEqual([]);
  });

  test('a service with the name of the Service of streams', () => {
    const taken = edited('services/stock.yaml', 'name: stock', 'name: web-streams', webWith(EVENTS));
    expect(
      errorsOf({ ...taken, 'services/web-streams.yaml': taken['services/stock.yaml']! }).join(),
    ).toContain("'web-streams' is also the name of the streams of 'web'");
  });
});
