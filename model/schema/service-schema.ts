/** What a service team writes in `mesh-config/services/<name>.yaml`. */
import { z } from 'zod';
import { dnsName, httpMethod, milliseconds, pathPattern, uniqueList, versionName } from './primitives';

const access = {
  methods: uniqueList(httpMethod).describe(
    'HTTP methods; every other method is refused by the callee with 403.',
  ),
  paths: uniqueList(pathPattern).describe(
    "Exact paths ('/carts') or prefixes ('/carts/*'); every other path is refused with 403.",
  ),
};

const serviceCall = z
  .strictObject({ service: dnsName.describe('Name of another file in services/.'), ...access })
  .describe(
    'An edge of the call graph inside the mesh. Authorization, network policy and scope follow from it.',
  );

const externalCall = z
  .strictObject({ external: dnsName.describe('Name of a file in external/.'), ...access })
  .describe('A call to a third party. It leaves the mesh through the egress gateway only.');

const ingressRoute = z.strictObject({
  host: z
    .enum(['web', 'api'])
    .describe('Which public host name of the environment serves the route: the pages or the API.'),
  ...access,
  jwt: z
    .enum(['required', 'none'])
    .describe(
      "'required' refuses requests without a valid end-user token, at the gateway and again at the service.",
    ),
});

/** Conditions under which Envoy sends a request again, in Envoy's own spelling. */
export const RETRY_CONDITIONS = [
  'connect-failure',
  'refused-stream',
  'reset',
  'gateway-error',
  'unavailable',
  '5xx',
] as const;

const retries = z
  .strictObject({
    attempts: z
      .int()
      .min(0)
      .max(5)
      .default(0)
      .describe('Retries after the first try. Every layer multiplies the load below it.'),
    perTryTimeoutMs: milliseconds
      .optional()
      .describe('Time one try may take. Needed when attempts is above 0; below timeoutMs.'),
    on: uniqueList(z.enum(RETRY_CONDITIONS))
      .default(['connect-failure', 'refused-stream'])
      .describe(
        'Conditions for safe methods (GET, HEAD). Other methods are only retried on those of them in which the server cannot have seen the request.',
      ),
  })
  .prefault({})
  .describe('How often callers repeat a failed request to this service.');

const outlierDetection = z
  .strictObject({
    consecutive5xxErrors: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Server errors in a row that eject an endpoint.'),
    intervalSeconds: z.int().min(1).max(300).default(10).describe('Time between two analyses.'),
    baseEjectionSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(30)
      .describe('First ejection; the n-th lasts n times as long.'),
    maxEjectionPercent: z
      .int()
      .min(1)
      .max(100)
      .default(50)
      .describe('Most endpoints of one version that may be out at once.'),
  })
  .prefault({})
  .describe('Takes failing endpoints out of load balancing.');

const circuitBreaker = z
  .strictObject({
    maxConnections: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('TCP connections of ONE client proxy to a version.'),
    maxPendingRequests: z
      .int()
      .min(1)
      .max(100_000)
      .default(50)
      .describe('Requests of one client proxy that wait for a connection.'),
    maxRequests: z.int().min(1).max(100_000).default(200).describe('Requests in flight of one client proxy.'),
    maxRetries: z
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('Retries in flight of one client proxy; Istio would not bound them.'),
    connectTimeoutMs: milliseconds.default(1_000).describe('Time to establish a TCP connection.'),
    idleTimeoutSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(300)
      .describe('An unused connection is closed after this time.'),
    outlierDetection,
  })
  .prefault({})
  .describe('Beyond these bounds a request fails at once (503) instead of queueing.');

const resources = z
  .strictObject({
    cpuMillicores: z
      .int()
      .min(10)
      .max(32_000)
      .default(250)
      .describe('CPU request. There is no CPU limit: throttling costs latency.'),
    memoryMiB: z
      .int()
      .min(32)
      .max(65_536)
      .default(256)
      .describe('Memory request and limit; above it the pod is killed.'),
    diskMiB: z
      .int()
      .min(16)
      .max(10_240)
      .default(128)
      .describe('Scratch space under /tmp, and the log; above it the pod is evicted.'),
  })
  .prefault({});

const autoscaling = z
  .strictObject({
    minReplicas: z.int().min(1).max(1_000).default(2).describe('Pods at rest, of each version.'),
    maxReplicas: z.int().min(1).max(1_000).default(10).describe('Upper bound, of each version.'),
    targetCpuPercent: z
      .int()
      .min(10)
      .max(95)
      .default(60)
      .describe('Average CPU use, of the request, that the autoscaler aims at.'),
  })
  .prefault({});

const disruptionBudget = z
  .strictObject({
    maxUnavailable: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe('Pods of a version that a node drain may take at once.'),
  })
  .prefault({});

const probes = z
  .strictObject({
    readinessPath: pathPattern.default('/ready').describe('Answers 200 once the pod can serve.'),
    livenessPath: pathPattern
      .default('/health')
      .describe('Answers 200 unless the process must be restarted.'),
    startupSeconds: z.int().min(1).max(600).default(60).describe('Time to start before liveness counts.'),
  })
  .prefault({});

const slos = z
  .strictObject({
    availability: z
      .strictObject({ targetPercent: z.number().min(50).max(99.9) })
      .prefault({ targetPercent: 99.9 })
      .describe('Share of requests that are not answered 5xx. Cloud Monitoring takes at most 99.9.'),
    latency: z
      .strictObject({
        targetPercent: z
          .number()
          .min(50)
          .max(99.9)
          .describe('Share of requests that must be faster than thresholdMs.'),
        thresholdMs: milliseconds,
      })
      .prefault({ targetPercent: 95, thresholdMs: 300 })
      .describe('The promise to callers on time.'),
    windowDays: z
      .int()
      .min(1)
      .max(30)
      .default(28)
      .describe('Rolling period of the error budget; 28 holds four of every weekday.'),
    expectedRequestsPerSecond: z
      .number()
      .positive()
      .max(1_000_000)
      .describe('Usual rate in this environment; sizes alert floors.'),
  })
  .describe('What this service promises.');

const canary = z
  .strictObject({
    version: versionName
      .default('v2')
      .describe('Name of the second version; it keeps this name at every weight.'),
    calls: z
      .array(dnsName)
      .optional()
      .describe('Names from calls that the canary may use. Left out, it may use all of them.'),
    stepsPercent: uniqueList(z.int().min(1).max(100))
      .default([1, 5, 10, 25, 50, 100])
      .describe('Weights a release passes through, rising to 100.'),
    bakeMinutes: z.int().min(1).max(10_080).default(60).describe('Shortest time at one weight.'),
  })
  .describe('Allows a second version of the service beside the first.');

export const serviceSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName.describe(
      'Equals the file name. Renaming destroys and recreates every object of the service.',
    ),
    description: z.string().min(10).max(200).describe('One sentence for the diagram and the dashboards.'),
    owner: dnsName.describe('Team that answers its alerts.'),
    domain: dnsName.describe('Business domain of mesh.yaml; gives the namespace and the people with access.'),
    tier: z
      .enum(['critical', 'standard', 'best-effort'])
      .describe('critical pages at night and spreads over three zones.'),
    pciScope: z
      .enum(['cardholder-data', 'connected', 'out-of-scope'])
      .describe('PCI DSS scope: handles card data, may call something that does, or neither.'),
    port: z.int().min(1024).max(65_535).default(8080).describe('Port the container listens on.'),
    protocol: z
      .enum(['http', 'http2', 'grpc'])
      .default('http')
      .describe('Application protocol; names the Service port.'),
    calls: z
      .array(z.union([serviceCall, externalCall]))
      .default([])
      .describe('Whom it calls. Nothing else is reachable.'),
    ingress: z
      .array(ingressRoute)
      .default([])
      .describe('What the public may reach through the load balancer.'),
    timeoutMs: milliseconds.describe('Time a caller waits for an answer, retries included.'),
    retries,
    circuitBreaker,
    resources,
    autoscaling,
    disruptionBudget,
    probes,
    slos,
    secrets: z
      .array(dnsName)
      .default([])
      .describe('Secret Manager secrets mounted as files under /var/run/secrets/shop/<name>.'),
    database: z
      .boolean()
      .default(false)
      .describe("true gives an IAM login to the environment's database and the network path to it."),
    canary: canary.optional(),
  })
  .describe('One service of the shop.');

/**
 * What an environment may change of a service. Edges, scope and identity are the same everywhere:
 * a policy proven in staging is the policy of prod.
 */
export const OVERRIDABLE_FIELDS = [
  'autoscaling',
  'circuitBreaker',
  'disruptionBudget',
  'probes',
  'resources',
  'retries',
  'secrets',
  'slos',
  'timeoutMs',
] as const satisfies readonly (keyof ServiceSpec)[];

export type ServiceSpec = z.output<typeof serviceSchema>;
export type CallSpec = ServiceSpec['calls'][number];
export type IngressRouteSpec = ServiceSpec['ingress'][number];
export type RetryCondition = (typeof RETRY_CONDITIONS)[number];
export type HttpMethod = z.output<typeof httpMethod>;
