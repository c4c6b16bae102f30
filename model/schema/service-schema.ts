/** Schema of `mesh-config/services/<name>.yaml`, owned by the service's team. */
import { z } from 'zod';
import { requires, webhook } from './admission-schema';
import { canary } from './canary-schema';
import { cspDirectives } from './content-security-schema';
import { args, command, env, files } from './container-schema';
import { dnsName, httpMethod, milliseconds, pathPattern, uniqueList } from './primitives';
import { slos } from './slo-schema';
import { streams } from './stream-schema';
import { circuitBreaker, retries } from './traffic-schema';
import { waivers } from './waiver-schema';
import { autoscaling, disruptionBudget, probes, resources } from './workload-schema';

const access = {
  methods: uniqueList(httpMethod).describe('Allowed HTTP methods. The callee rejects others with 403.'),
  paths: uniqueList(pathPattern).describe(
    "Allowed exact paths ('/carts') or prefixes ('/carts/*'). Others are rejected with 403.",
  ),
};

const optional = z
  .boolean()
  .default(false)
  .describe(
    'true if the service responds successfully when this call fails. The callee then does not limit its availability target.',
  );

const environments = uniqueList(dnsName)
  .optional()
  .describe(
    'Environments with this call, such as [dev] for a new one. Default: all. Elsewhere it is blocked, and its target needs no release.',
  );

const serviceCall = z
  .strictObject({
    service: dnsName.describe('Name of another file in services/.'),
    ...access,
    optional,
    watched: z
      .boolean()
      .default(false)
      .describe(
        "Measures this edge at the caller: SLOs and alerts with the callee's targets, and a dashboard section.",
      ),
    environments,
  })
  .describe('A call inside the mesh. Authorization, network policy and Sidecar scope are derived from it.');

const externalCall = z
  .strictObject({
    external: dnsName.describe('Name of a file in external/.'),
    ...access,
    optional,
    environments,
  })
  .describe('A call to a third party, through the egress gateway.');

const ingressRoute = z.strictObject({
  host: z.enum(['web', 'api']).describe('Public host name of the route: pages (web) or API (api).'),
  ...access,
  jwt: z
    .enum(['required', 'none'])
    .describe(
      "'required' rejects requests without a valid end-user token, at the gateway and at the service.",
    ),
  requires: requires.optional(),
  webhook: webhook.optional(),
  maxBodyMegabytes: z
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .describe('Requests that declare a longer body get 413 at the gateway, in units of 1,000,000 bytes.'),
  maxBodiesInFlight: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'Requests of POST, PUT, PATCH and DELETE in flight of one gateway pod to a version; others get 503. They have a connection pool of their own, because no timeout ends a request whose body arrives slowly. Default: the routes of the service share one pool, of half of what its pods can take.',
    ),
  origins: z
    .array(dnsName)
    .default(['pages'])
    .describe(
      "Whose pages may call the route from a browser: 'pages', the pages' host, or names in browsers.origins of the environment. [] for none. Pages of the same host need no entry; webhooks have none.",
    ),
  contentSecurityPolicy: cspDirectives
    .default({})
    .describe(
      "Directives that replace those of the environment's content security policy on pages of this route, such as script-src of the payment page.",
    ),
});

export const serviceSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName.describe(
      'Must equal the file name. A rename destroys and recreates every object of the service, unless renamedFrom has the former name.',
    ),
    renamedFrom: dnsName
      .optional()
      .describe(
        'Former name of this service. Its resources move in the Terraform state and keep the former name in the cluster and at Google. After every environment has applied the move, replace it with resourceName.',
      ),
    resourceName: dnsName
      .optional()
      .describe(
        "Name of the service's objects in the cluster and at Google. Default: renamedFrom, else name. A change destroys and recreates all of them.",
      ),
    description: z.string().min(10).max(200).describe('One sentence for the diagram and the dashboards.'),
    owner: dnsName.describe('Team that owns its alerts.'),
    domain: dnsName.describe(
      'Business domain from mesh.yaml. Determines the namespace and the groups with access.',
    ),
    tier: z
      .enum(['critical', 'standard', 'best-effort'])
      .describe('critical: alerts page, and pods must spread over zones.'),
    pciScope: z
      .enum(['cardholder-data', 'connected', 'out-of-scope'])
      .describe('PCI DSS scope: handles card data, can connect to a service that does, or neither.'),
    port: z
      .int()
      .min(1024)
      .max(65_535)
      .default(8080)
      .describe('Container port on which it serves requests, in the variable PORT.'),
    adminPort: z
      .int()
      .min(1024)
      .max(65_535)
      .optional()
      .describe(
        'Container port for metrics, health or debugging, in the variable ADMIN_PORT. Probes may use it; nobody else reaches it: it is in no Service, and authorization and network policies deny it.',
      ),
    protocol: z
      .enum(['http', 'http2', 'grpc'])
      .default('http')
      .describe('Application protocol. Also the name of the Service port.'),
    calls: z
      .array(z.union([serviceCall, externalCall]))
      .default([])
      .describe('Services and third parties that it calls. All other destinations are blocked.'),
    ingress: z
      .array(ingressRoute)
      .default([])
      .describe('Routes for external clients, through the load balancer.'),
    timeoutMs: milliseconds.describe('Time that a caller waits for a response, including retries.'),
    streams,
    requestsInFlightPerReplica: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Requests in flight that one pod can serve, from a load test. Without it, circuit breakers are not checked against the capacity of the pods.',
      ),
    retries,
    circuitBreaker,
    command,
    args,
    env,
    files,
    resources,
    autoscaling,
    disruptionBudget,
    probes,
    slos,
    secrets: z
      .array(dnsName)
      .default([])
      .describe('Secrets from mesh.yaml, mounted as files /var/run/secrets/<name of the mesh>/<name>.'),
    database: z
      .boolean()
      .default(false)
      .describe(
        "true creates an IAM login to the environment's database and allows connections to it. The container gets PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE, DATABASE_INSTANCE and DATABASE_IP_TYPE; the password is an IAM token, see docs/services.md.",
      ),
    canary: canary.optional(),
    waivers,
  })
  .describe('One service.');

/**
 * Fields that an environment may override: maps key by key, lists as a whole. Calls, PCI scope and identity are common
 * to all environments, so that prod has the policies that were tested in staging.
 */
export const OVERRIDABLE_FIELDS = [
  'args',
  'autoscaling',
  'canary',
  'circuitBreaker',
  'disruptionBudget',
  'env',
  'files',
  'probes',
  'requestsInFlightPerReplica',
  'resources',
  'retries',
  'secrets',
  'slos',
  'timeoutMs',
] as const satisfies readonly (keyof ServiceSpec)[];

/** Keys of overridable fields that may not be overridden. */
export const FIXED_PARTS: Readonly<Partial<Record<(typeof OVERRIDABLE_FIELDS)[number], readonly string[]>>> =
  {
    canary: ['version', 'calls'],
  };

export type ServiceSpec = z.output<typeof serviceSchema>;
export type CallSpec = ServiceSpec['calls'][number];

/** The calls of the service in one environment, each with its index in the file. */
export function callsIn({ calls }: Pick<ServiceSpec, 'calls'>, environment: string) {
  return calls.flatMap(({ environments: only, ...call }, position) =>
    only === undefined || only.includes(environment) ? [{ ...call, position }] : [],
  );
}
export type IngressRouteSpec = ServiceSpec['ingress'][number];
export type HttpMethod = z.output<typeof httpMethod>;

/** Name of the service's objects in the cluster and at Google, where objects cannot be renamed. */
export function resourceNameOf(spec: Pick<ServiceSpec, 'name' | 'renamedFrom' | 'resourceName'>): string {
  return spec.resourceName ?? spec.renamedFrom ?? spec.name;
}
