import { textsIn, valuesAt, type GateCheck, type JsonValue, type Manifest } from '../gate-check';

/** Kinds that the managed control plane does not take at all. */
const REFUSED_KINDS: readonly string[] = [
  'WasmPlugin',
  'IstioOperator',
  'WorkloadEntry',
  'WorkloadGroup',
  'Ingress',
];

/** Fields that it refuses or ignores, by kind. */
const REFUSED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  DestinationRule: [
    'spec.trafficPolicy.loadBalancer.localityLbSetting',
    'spec.trafficPolicy.tunnel',
    'spec.trafficPolicy.tls.credentialName',
    'spec.trafficPolicy.portLevelSettings.tls.credentialName',
  ],
  ServiceEntry: [
    'spec.workloadSelector',
    'spec.subjectAltNames',
    'spec.endpoints.network',
    'spec.endpoints.locality',
    'spec.endpoints.weight',
    'spec.endpoints.serviceAccount',
  ],
  Sidecar: [
    'spec.ingress',
    'spec.egress.port',
    'spec.egress.bind',
    'spec.egress.captureMode',
    'spec.inboundConnectionPool',
  ],
  Gateway: ['spec.servers.tls.verifyCertificateHash', 'spec.servers.tls.verifyCertificateSpki'],
};

/** Values that it refuses, by kind and field. */
const REFUSED_VALUES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ServiceEntry: { 'spec.resolution': ['DNS_ROUND_ROBIN'], 'spec.location': ['MESH_INTERNAL'] },
  AuthorizationPolicy: { 'spec.action': ['CUSTOM', 'AUDIT'] },
};

/** The only extensions that its proxies may be given. */
const FILTERS: readonly string[] = ['envoy.filters.http.local_ratelimit', 'envoy.filters.http.grpc_web'];

export const fieldsOfManagedMesh: GateCheck = {
  id: 'GAT-010',
  title: 'No field that the managed mesh refuses',
  severity: 'error',
  rationale:
    'The managed control plane refuses or silently ignores them: what was reviewed and what the proxies do are then two things.',
  source: 'https://cloud.google.com/service-mesh/docs/supported-features-managed',
  fix: 'use what docs/verify-on-cloud.md lists as supported',
  check: (stack) =>
    stack.manifests.flatMap((manifest) =>
      refusalsOf(manifest).map((message) => ({ address: manifest.address, message })),
    ),
};

function refusalsOf({ kind, body }: Manifest): string[] {
  const values = Object.entries(REFUSED_VALUES[kind] ?? {});
  return [
    ...(REFUSED_KINDS.includes(kind) ? [`kind ${kind} is not supported`] : []),
    ...(REFUSED_FIELDS[kind] ?? [])
      .filter((field) => valuesAt(body, field).length > 0 && !isGatewayApi(body))
      .map((field) => `${field} is not supported`),
    ...values.flatMap(([field, refused]) =>
      valuesAt(body, field)
        .filter((value) => refused.includes(String(value)))
        .map((value) => `${field} '${String(value)}' is not supported`),
    ),
    ...(kind === 'EnvoyFilter' ? filtersOf(body) : []),
    ...(kind === 'ServiceEntry' && severalNames(body) ? ['spec.endpoints with DNS may be one at most'] : []),
  ];
}

/** The Gateway API has a kind of the same name. */
function isGatewayApi(body: JsonValue): boolean {
  return String(valuesAt(body, 'apiVersion')[0]).startsWith('gateway.networking.k8s.io/');
}

function severalNames(body: JsonValue): boolean {
  return valuesAt(body, 'spec.resolution').includes('DNS') && valuesAt(body, 'spec.endpoints').length > 1;
}

function filtersOf(body: JsonValue): string[] {
  const patches = valuesAt(body, 'spec.configPatches');
  return patches.flatMap((patch) => [
    ...valuesAt(patch, 'applyTo')
      .filter((applyTo) => applyTo !== 'HTTP_FILTER')
      .map((applyTo) => `applyTo '${String(applyTo)}' is not supported`),
    ...textsIn(valuesAt(patch, 'patch.value.name')[0], 'patch.value.name')
      .filter(({ text }) => !FILTERS.includes(text))
      .map(({ path, text }) => `${path} '${text}' is not supported`),
  ]);
}
