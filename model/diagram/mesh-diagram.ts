/** Nodes and edges of the picture of an environment. Every format of `mesh graph` shows all of them. */
import type { Environment } from '../environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY, STABLE_VERSION } from '../naming';
import type { Access, Service, Version } from '../service';
import { streamsWithin } from '../streams';

export type NodeKind =
  'clients' | 'load-balancer' | 'gateway' | 'version' | 'external' | 'database' | 'secrets' | 'monitoring';

export interface DiagramNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Of a version. */
  readonly service?: {
    /** Name in the catalogue. */
    readonly name: string;
    readonly domain: string;
    readonly version: string;
    /** Whether the service has more than one version. */
    readonly isSplit: boolean;
  };
}

export interface AllowedRequests extends Access {
  /** Whether a valid end-user token is required. */
  readonly jwt: 'required' | 'none';
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  /** `data`: access to the database; `support`: secrets and telemetry, which are no requests of a shopper. */
  readonly kind: 'request' | 'data' | 'support';
  /** Share of the callee's requests, if it has more than one version. */
  readonly weightPercent?: number;
  /** Paths of streams among the requests; absent without any. */
  readonly streams?: readonly string[];
  /** Allowed requests; empty where the mesh does not restrict them. */
  readonly requests: readonly AllowedRequests[];
  /** Ids of the third parties behind the egress gateway that the caller may reach. */
  readonly through?: readonly string[];
}

export interface MeshDiagram {
  readonly environment: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

const CLIENTS = 'clients';
const LOAD_BALANCER = 'load-balancer';
const INGRESS = INGRESS_GATEWAY.name;
const EGRESS = EGRESS_GATEWAY.name;
const DATABASE = 'database';
const SECRETS = 'secret-manager';
const MONITORING = 'monitoring';

/** From external clients to third parties and data. */
export function meshDiagram(environment: Environment): MeshDiagram {
  const { services, externals, domains } = environment;
  const versions = domains.flatMap(({ name }) =>
    services
      .filter(({ domain }) => domain === name)
      .flatMap((service) => service.versions.map((version) => ({ service, version }))),
  );
  const edges: DiagramEdge[] = [
    { from: CLIENTS, to: LOAD_BALANCER, kind: 'request', requests: [] },
    { from: LOAD_BALANCER, to: INGRESS, kind: 'request', requests: [] },
    ...services
      .filter(({ ingress }) => ingress.length > 0)
      .flatMap((service) => callsTo(INGRESS, service, service.ingress.map(allowed))),
    ...versions.flatMap(({ service, version }) => edgesFrom(service, version, environment)),
    ...externals.map((external): DiagramEdge => ({
      from: EGRESS,
      to: externalId(external.name),
      kind: 'request',
      requests: [],
    })),
    { from: INGRESS, to: MONITORING, kind: 'support', requests: [] },
  ];
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes: DiagramNode[] = [
    { id: CLIENTS, kind: 'clients', label: 'external clients' },
    { id: LOAD_BALANCER, kind: 'load-balancer', label: 'Cloud Load Balancer, Cloud Armor' },
    { id: INGRESS, kind: 'gateway', label: 'ingress gateway' },
    ...versions.map(({ service, version }) => versionNode(service, version)),
    { id: EGRESS, kind: 'gateway', label: 'egress gateway' },
    ...externals.map(({ name }): DiagramNode => ({ id: externalId(name), kind: 'external', label: name })),
    {
      id: DATABASE,
      kind: 'database',
      label: environment.database.engine === 'alloydb' ? 'AlloyDB' : 'Cloud SQL',
    },
    { id: SECRETS, kind: 'secrets', label: 'Secret Manager' },
    { id: MONITORING, kind: 'monitoring', label: 'Cloud Monitoring and Logging' },
  ];
  return {
    environment: environment.name,
    nodes: nodes.filter(({ id, kind }) => kind === 'version' || used.has(id)),
    edges,
  };
}

function versionNode({ catalogueName, domain, versions }: Service, version: Version): DiagramNode {
  const isSplit = versions.length > 1;
  return {
    id: version.workload,
    kind: 'version',
    label: isSplit ? `${catalogueName} ${version.name}` : catalogueName,
    service: { name: catalogueName, domain, version: version.name, isSplit },
  };
}

function edgesFrom(service: Service, version: Version, { services }: Environment): DiagramEdge[] {
  const from = version.workload;
  const callees = services.filter(({ name }) => version.calls.some((call) => call.service === name));
  const through = [...new Set(version.externalCalls.map(({ external }) => externalId(external)))];
  return [
    ...callees.flatMap((callee) =>
      callsTo(from, callee, version.calls.filter((call) => call.service === callee.name).map(allowed)),
    ),
    ...(through.length === 0
      ? []
      : [
          {
            from,
            to: EGRESS,
            kind: 'request' as const,
            requests: version.externalCalls.map(allowed),
            through,
          },
        ]),
    ...(service.database ? [{ from, to: DATABASE, kind: 'data' as const, requests: [] }] : []),
    ...(service.secrets.length > 0 ? [{ from, to: SECRETS, kind: 'support' as const, requests: [] }] : []),
  ];
}

/** An edge to each version of the callee. Streams go to the stable version. */
function callsTo(from: string, callee: Service, requests: readonly AllowedRequests[]): DiagramEdge[] {
  const routes = requests.flatMap(({ methods, paths }) => paths.map((path) => ({ methods, path })));
  const streams = routes.flatMap((route) => streamsWithin(callee, route)).map(({ path }) => path);
  return callee.versions.map(({ name, workload, weightPercent }) => ({
    from,
    to: workload,
    kind: 'request',
    ...(callee.versions.length > 1 && { weightPercent }),
    ...(name === STABLE_VERSION && streams.length > 0 && { streams: [...new Set(streams)].sort() }),
    requests,
  }));
}

/** What is written on the edge in pictures: its weight, and whether it has streams. */
export function edgeLabel({ weightPercent, streams = [] }: DiagramEdge): string {
  return [
    ...(weightPercent === undefined ? [] : [`${weightPercent} %`]),
    ...(streams.length === 0 ? [] : ['streams']),
  ].join(', ');
}

function allowed({
  methods,
  paths,
  ...rest
}: Access & { readonly jwt?: 'required' | 'none' }): AllowedRequests {
  return { methods, paths, jwt: rest.jwt ?? 'none' };
}

/** Third parties may have the name of another node. */
function externalId(name: string): string {
  return `external-${name}`;
}
