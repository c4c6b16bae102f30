/** Random valid catalogues. */
import fc from 'fast-check';
import type { Changes } from './rule-cases/rule-case';

/** Random properties of one service. Properties that depend on its callees are computed. */
const traits = fc.record({
  callees: fc.uniqueArray(fc.nat({ max: 7 }), { maxLength: 3 }),
  optional: fc.boolean(),
  callsBank: fc.boolean(),
  public: fc.constantFrom('none', 'required', undefined),
  host: fc.constantFrom('web', 'api'),
  protocol: fc.constantFrom('http', 'http2', 'grpc'),
  tier: fc.constantFrom('critical', 'standard', 'best-effort'),
  handlesCards: fc.boolean(),
  attempts: fc.constantFrom(0, 1, 2),
  conditions: fc.constantFrom(['connect-failure'], ['refused-stream', '5xx'], ['gateway-error', 'reset']),
  minReplicas: fc.integer({ min: 2, max: 5 }),
  requestsPerSecond: fc.integer({ min: 20, max: 100 }),
  database: fc.boolean(),
  streams: fc.boolean(),
  canaryPercent: fc.constantFrom(undefined, 0, 1, 50, 100),
});

type Traits = typeof traits extends fc.Arbitrary<infer T> ? T : never;

/** Properties of a service that depend on its callees. */
interface Node {
  readonly timeoutMs: number;
  readonly targetPercent: number;
  readonly handlesCards: boolean;
  readonly reachesCards: boolean;
  readonly calls: readonly Traits['callees'][number][];
}

const BANK = { timeoutMs: 150, availabilityPercent: 99.95 };
const PROCESSING_MS = 300;

/** Catalogues of up to eight services. Service i calls only services with a higher index, so there is no cycle. */
export const shops: fc.Arbitrary<Changes> = fc.array(traits, { minLength: 1, maxLength: 8 }).map((drawn) => {
  const nodes: Node[] = [];
  for (let index = drawn.length - 1; index >= 0; index--) nodes[index] = nodeOf(index, drawn, nodes);
  return {
    'services/web.yaml': null,
    'services/cart.yaml': null,
    'services/stock.yaml': null,
    'external/bank.yaml': JSON.stringify({
      name: 'bank',
      description: 'Payment provider',
      owner: 'team-a',
      host: 'api.bank.example',
      cardholderData: true,
      ...BANK,
    }),
    ...Object.fromEntries(
      drawn.map((service, index) => [`services/s${index}.yaml`, fileOf(index, service, nodes)]),
    ),
    'releases/test.yaml': JSON.stringify({ services: Object.fromEntries(drawn.flatMap(releaseOf)) }),
  };
});

function nodeOf(index: number, drawn: readonly Traits[], nodes: readonly Node[]): Node {
  const { callees: drawnCallees, optional, callsBank, handlesCards } = drawn[index]!;
  const calls = drawnCallees.filter((callee) => callee > index && callee < drawn.length);
  const callees = calls.map((callee) => nodes[callee]!);
  const bank = callsBank && handlesCards ? [BANK] : [];
  const achievable = [
    ...callees.map((node) => node.targetPercent),
    ...bank.map((it) => it.availabilityPercent),
  ]
    .map((percent) => percent / 100)
    .reduce((product, share) => product * share, 1);
  return {
    timeoutMs: [...callees, ...bank].reduce((sum, callee) => sum + callee.timeoutMs, PROCESSING_MS),
    targetPercent: optional ? 99.9 : Math.min(99.9, Math.floor(achievable * 10_000) / 100),
    handlesCards,
    reachesCards: handlesCards || callees.some((node) => node.handlesCards),
    calls,
  };
}

function fileOf(index: number, service: Traits, nodes: readonly Node[]): string {
  const node = nodes[index]!;
  const { optional, callsBank, conditions, minReplicas } = service;
  const access = { methods: ['GET', 'POST'], paths: [`/s${index}`, `/s${index}/*`] };
  const bank = callsBank && node.handlesCards;
  // Only the lowest layer retries.
  const attempts = node.calls.length === 0 && !bank ? service.attempts : 0;
  return JSON.stringify({
    name: `s${index}`,
    description: 'A generated service',
    owner: 'team-a',
    domain: 'sales',
    tier: service.tier,
    protocol: service.protocol,
    database: service.database,
    pciScope: node.handlesCards ? 'cardholder-data' : node.reachesCards ? 'connected' : 'out-of-scope',
    calls: [
      ...node.calls.map((callee) => ({ service: `s${callee}`, ...access, optional })),
      ...(bank ? [{ external: 'bank', methods: ['POST'], paths: ['/charges'], optional }] : []),
    ],
    ingress:
      service.public === undefined
        ? []
        : [{ host: service.host, ...access, jwt: node.handlesCards ? 'required' : service.public }],
    streams:
      service.streams && service.public !== undefined
        ? [{ methods: ['GET'], paths: [`/s${index}/events`], webSocket: service.protocol === 'http' }]
        : [],
    timeoutMs: node.timeoutMs,
    retries:
      attempts === 0
        ? { attempts }
        : { attempts, perTryTimeoutMs: Math.floor((node.timeoutMs - 100) / (attempts + 1)), on: conditions },
    autoscaling: { minReplicas, maxReplicas: 2 * minReplicas },
    slos: {
      availability: { targetPercent: node.targetPercent },
      expectedRequestsPerSecond: service.requestsPerSecond,
    },
    ...(service.canaryPercent !== undefined && {
      canary: { calls: canaryCalls(node), stepsPercent: [50, 100] },
    }),
  });
}

/** All calls but the last. */
function canaryCalls({ calls }: Node): string[] {
  return calls.slice(0, -1).map((callee) => `s${callee}`);
}

function releaseOf({ canaryPercent }: Traits, index: number): [string, object][] {
  if (canaryPercent === undefined) return [];
  return [[`s${index}`, { images: {}, canary: { version: 'v2', weightPercent: canaryPercent } }]];
}
