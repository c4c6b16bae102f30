/** What a service team writes in `mesh-config/services/<name>.yaml`. */
import { z } from 'zod';
import { canary } from './canary-schema';
import { dnsName, httpMethod, milliseconds, pathPattern, uniqueList } from './primitives';
import { slos } from './slo-schema';
import { circuitBreaker, retries } from './traffic-schema';
import { waivers } from './waiver-schema';
import { autoscaling, disruptionBudget, probes, resources } from './workload-schema';

const access = {
  methods: uniqueList(httpMethod).describe(
    'HTTP methods; every other method is refused by the callee with 403.',
  ),
  paths: uniqueList(pathPattern).describe(
    "Exact paths ('/carts') or prefixes ('/carts/*'); every other path is refused with 403.",
  ),
};

const optional = z
  .boolean()
  .default(false)
  .describe(
    'true if the service still answers well when this call fails; it then does not count against its availability.',
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
        "Measures the edge by itself, from the caller's side: objectives and alerts on what the callee promises, and a section of the dashboard.",
      ),
  })
  .describe(
    'An edge of the call graph inside the mesh. Authorization, network policy and scope follow from it.',
  );

const externalCall = z
  .strictObject({ external: dnsName.describe('Name of a file in external/.'), ...access, optional })
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

export const serviceSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName.describe(
      'Equals the file name. Renaming it destroys and creates every object of the service, unless renamedFrom says what it was.',
    ),
    renamedFrom: dnsName
      .optional()
      .describe(
        'Former name of this service. Its resources move in the state and keep the former name in the cluster and at Google, where nothing can be renamed. Once every environment has applied the move, write resourceName instead.',
      ),
    resourceName: dnsName
      .optional()
      .describe(
        "Name of the service's objects in the cluster and at Google. Left out, it is renamedFrom or else name. Changing it destroys and creates all of them.",
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
    requestsInFlightPerReplica: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Requests one pod serves at once, from a load test. Left out, circuit breakers are not compared with what the pods can take.',
      ),
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
      .describe('Secret Manager secrets mounted as files under /var/run/secrets/<name of the mesh>/<name>.'),
    database: z
      .boolean()
      .default(false)
      .describe("true gives an IAM login to the environment's database and the network path to it."),
    canary: canary.optional(),
    waivers,
  })
  .describe('One service of the shop.');

/**
 * What an environment may change of a service. Edges, scope and identity are the same everywhere:
 * a policy proven in staging is the policy of prod.
 */
export const OVERRIDABLE_FIELDS = [
  'autoscaling',
  'canary',
  'circuitBreaker',
  'disruptionBudget',
  'probes',
  'requestsInFlightPerReplica',
  'resources',
  'retries',
  'secrets',
  'slos',
  'timeoutMs',
] as const satisfies readonly (keyof ServiceSpec)[];

/** Parts of an overridable field that are the same everywhere all the same. */
export const FIXED_PARTS: Readonly<Partial<Record<(typeof OVERRIDABLE_FIELDS)[number], readonly string[]>>> =
  {
    canary: ['version', 'calls'],
  };

export type ServiceSpec = z.output<typeof serviceSchema>;
export type CallSpec = ServiceSpec['calls'][number];
export type IngressRouteSpec = ServiceSpec['ingress'][number];
export type HttpMethod = z.output<typeof httpMethod>;

/** What the service is called in the cluster and at Google, where no object can be renamed. */
export function resourceNameOf(spec: Pick<ServiceSpec, 'name' | 'renamedFrom' | 'resourceName'>): string {
  return spec.resourceName ?? spec.renamedFrom ?? spec.name;
}
