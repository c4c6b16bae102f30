/** Hosts outside of the mesh, and which proxy knows which host. */
import type { Environment } from '../../model/environment';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { streamHostOf } from './declared-streams';
import { Inspection } from './inspection';
import { undeclaredWorkloads } from './requests';
import {
  labelsMatch,
  ofKind,
  specOf,
  deployedWorkloads,
  type Judge,
  type Labels,
  type Subject,
  type Workload,
} from './subject';

export const registryJudge: Judge = {
  name: 'registry',
  kinds: ['ServiceEntry', 'Sidecar', 'Service', 'Deployment'],
  judge: (subject) => [...entries(subject), ...sidecarFields(subject), ...scopes(subject)],
};

function entries(subject: Subject): string[] {
  const findings: string[] = [];
  const { database, network, mesh, jwt, externals } = subject.environment;
  const range = database.connectivity === 'private-service-connect' ? undefined : network.databasePeeringCidr;
  const connector = database.engine === 'alloydb' ? 5_433 : 3_307;
  const expected: Readonly<Record<string, object>> = {
    // Proxies fetch the keys by TLS, which the DestinationRule of the host originates.
    'istio-system/token-keys': {
      hosts: [new URL(jwt.jwksUri).hostname],
      ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
    },
    'istio-system/google-apis': {
      hosts: ['*.googleapis.com'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      location: 'MESH_EXTERNAL',
      resolution: 'NONE',
    },
    'istio-system/database': {
      hosts: [`database.${mesh.name}.internal`],
      ports: [
        { number: connector, name: 'tls-connector', protocol: 'TCP' },
        { number: 5_432, name: 'tls-postgres', protocol: 'TCP' },
      ],
      location: 'MESH_EXTERNAL',
      ...(range === undefined
        ? {
            addresses: [network.databaseEndpointIp],
            resolution: 'STATIC',
            endpoints: [{ address: network.databaseEndpointIp }],
          }
        : { addresses: [range], resolution: 'NONE' }),
    },
    // Not the real port: callers would reach it past the egress gateway.
    ...Object.fromEntries(
      externals.map(({ name, host, port }) => [
        `egress-gateway/${name}`,
        {
          hosts: [host],
          ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: port }],
          location: 'MESH_EXTERNAL',
          resolution: 'DNS',
        },
      ]),
    ),
  };
  for (const object of ofKind(subject, 'ServiceEntry')) {
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    inspection.is('spec', expected[`${object.metadata.namespace}/${object.metadata.name}`]);
    inspection.close();
  }
  return findings;
}

/** Nothing, and Google's APIs for the database connector. */
const WILDCARDS = ['~/*', 'istio-system/*.googleapis.com'];

interface SidecarSpec {
  readonly workloadSelector?: { readonly labels?: Labels };
  readonly egress?: readonly { readonly hosts?: readonly string[] }[];
  readonly outboundTrafficPolicy?: { readonly mode?: string };
}

function sidecarFields(subject: Subject): string[] {
  const findings: string[] = [];
  const known = hostsOf(subject);
  for (const object of ofKind(subject, 'Sidecar')) {
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    const spec = inspection.child('spec');
    spec.is('outboundTrafficPolicy', { mode: 'REGISTRY_ONLY' });
    spec.is('workloadSelector', selectorOf(subject.environment, object.metadata.name));
    for (const listener of spec.exactly('egress', 1)) {
      const hosts = (listener.get('hosts') ?? []) as readonly string[];
      const unknown = hosts.filter((host) => host !== '~/*' && !known.some((it) => scopeCovers(host, it)));
      if (unknown.length > 0) listener.finding(`hosts that do not exist: ${unknown.join(', ')}`);
      const wildcards = hosts.filter((host) => host.includes('*') && !WILDCARDS.includes(host));
      if (wildcards.length > 0)
        listener.finding(`wildcards cover hosts that do not exist yet: ${wildcards.join(', ')}`);
      if (hosts.length === 0) listener.finding('an empty list imports every host');
    }
    inspection.close();
  }
  return findings;
}

/** Exactly one version, so that the next one does not inherit its scope. The mesh's default selects nothing. */
function selectorOf({ services }: Environment, name: string) {
  const labels = services.flatMap((service) =>
    service.versions
      .filter(({ workload }) => workload === name)
      .map((version) => ({ app: service.name, version: version.name })),
  )[0];
  return labels && { labels };
}

interface RegistryHost {
  readonly namespace: string;
  readonly host: string;
}

function hostsOf(subject: Subject): RegistryHost[] {
  return [
    ...ofKind(subject, 'Service').map(({ metadata: { name, namespace = '' } }) => ({
      namespace,
      host: `${name}.${namespace}.svc.cluster.local`,
    })),
    ...ofKind(subject, 'ServiceEntry').flatMap((object) =>
      (specOf<{ readonly hosts?: readonly string[] }>(object).hosts ?? []).map((host) => ({
        namespace: object.metadata.namespace ?? '',
        host,
      })),
    ),
  ];
}

function scopeCovers(pattern: string, { namespace, host }: RegistryHost): boolean {
  const [scope = '', name = ''] = pattern.split('/');
  if (scope !== '*' && scope !== namespace) return false;
  return name === '*' || name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)));
}

function scopes(subject: Subject): string[] {
  const sidecars = ofKind(subject, 'Sidecar');
  const known = hostsOf(subject);
  const workloads = [...deployedWorkloads(subject), ...undeclaredWorkloads(subject.environment)].filter(
    ({ name, namespace }) => namespace !== 'kiali' && !(name === namespace && name.endsWith('-gateway')),
  );
  return workloads.flatMap((workload) => {
    const patterns = governing(sidecars, workload);
    const visible = known.filter((host) => patterns.some((pattern) => scopeCovers(pattern, host)));
    const expected = declaredScope(subject.environment, workload.name);
    const names = visible.map(({ host }) => host);
    const more = names.filter((host) => !expected.includes(host));
    const less = expected.filter((host) => !names.includes(host));
    const who = `the proxy of ${workload.namespace}/${workload.name}`;
    return [
      ...more.map((host) => `${who} knows ${host}, which it may not call`),
      ...less.map((host) => `${who} does not know ${host}`),
    ];
  });
}

/** The hosts of the one Sidecar that applies: the workload's own, else its namespace's, else the mesh's. */
function governing(sidecars: readonly KubernetesManifest[], workload: Workload): readonly string[] {
  const specs = (namespace: string) =>
    sidecars
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map((object) => specOf<SidecarSpec>(object));
  const own = specs(workload.namespace).find(
    ({ workloadSelector }) =>
      workloadSelector !== undefined && labelsMatch(workloadSelector.labels, workload.labels),
  );
  const general = [...specs(workload.namespace), ...specs('istio-system')].find(
    ({ workloadSelector }) => workloadSelector === undefined,
  );
  const { egress } = own ?? general ?? {};
  return egress === undefined || egress.length === 0 ? ['*/*'] : egress.flatMap(({ hosts = [] }) => hosts);
}

/** What a workload calls: services by name and by version, third parties by the gateway, keys, the database. */
function declaredScope({ services, externals, mesh, jwt }: Environment, name: string): string[] {
  const service = services.find(({ versions }) => versions.some(({ workload }) => workload === name));
  const version = service?.versions.find(({ workload }) => workload === name);
  if (service === undefined || version === undefined) return [];
  const keys = new URL(jwt.jwksUri).hostname;
  const callees = version.calls.flatMap((call) => services.filter((callee) => callee.name === call.service));
  const thirdParties = version.externalCalls.flatMap((call) =>
    externals.filter((external) => external.name === call.external),
  );
  const hosts = [
    ...callees.flatMap((callee) => [
      callee.host,
      ...callee.versions.map(({ host }) => host),
      ...(callee.streams.length > 0 ? [streamHostOf(callee)] : []),
    ]),
    ...thirdParties.flatMap(({ host }) => ['egress-gateway.egress-gateway.svc.cluster.local', host]),
    ...(service.ingress.some((route) => route.jwt === 'required') ? [keys] : []),
    ...(service.database
      ? [
          `database.${mesh.name}.internal`,
          '*.googleapis.com',
          ...(keys.endsWith('.googleapis.com') ? [keys] : []),
        ]
      : []),
  ];
  return [...new Set(hosts)];
}
