import { textsIn, valuesAt, type GateCheck, type JsonValue, type Manifest } from '../gate-check';

/** Kinds that the managed control plane does not support. */
const UNSUPPORTED_KINDS: readonly string[] = [
  'WasmPlugin',
  'IstioOperator',
  'WorkloadEntry',
  'WorkloadGroup',
  'Ingress',
];

/** Fields that it rejects or ignores, by kind. */
const UNSUPPORTED_FIELDS: Readonly<Record<string, readonly string[]>> = {
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

/** Values that it rejects, by kind and field. */
const UNSUPPORTED_VALUES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ServiceEntry: { 'spec.resolution': ['DNS_ROUND_ROBIN'], 'spec.location': ['MESH_INTERNAL'] },
  AuthorizationPolicy: { 'spec.action': ['CUSTOM', 'AUDIT'] },
};

/** HTTP filters that EnvoyFilter may add. */
const FILTERS: readonly string[] = ['envoy.filters.http.local_ratelimit', 'envoy.filters.http.grpc_web'];

export const fieldsOfManagedMesh: GateCheck = {
  id: 'GAT-010',
  title: 'Only fields that the managed mesh supports',
  severity: 'error',
  rationale:
    'The managed control plane rejects or silently ignores other fields, so the proxies do not do what was reviewed.',
  source: 'https://cloud.google.com/service-mesh/docs/supported-features-managed',
  fix: 'use what docs/verify-on-cloud.md lists as supported',
  check: (stack) =>
    stack.manifests.flatMap((manifest) =>
      unsupportedIn(manifest).map((message) => ({ address: manifest.address, message })),
    ),
};

function unsupportedIn({ kind, body }: Manifest): string[] {
  const valuesByField = Object.entries(UNSUPPORTED_VALUES[kind] ?? {});
  return [
    ...(UNSUPPORTED_KINDS.includes(kind) ? [`kind ${kind} is not supported`] : []),
    ...(UNSUPPORTED_FIELDS[kind] ?? [])
      .filter((field) => valuesAt(body, field).length > 0 && !isGatewayApi(body))
      .map((field) => `${field} is not supported`),
    ...valuesByField.flatMap(([field, unsupported]) =>
      valuesAt(body, field)
        .filter((value) => unsupported.includes(String(value)))
        .map((value) => `${field} '${String(value)}' is not supported`),
    ),
    ...(kind === 'EnvoyFilter' ? unsupportedFiltersIn(body) : []),
    ...(kind === 'ServiceEntry' && hasSeveralDnsEndpoints(body)
      ? ['more than one of spec.endpoints with resolution DNS is not supported']
      : []),
  ];
}

/** The Gateway API has a kind with the same name. */
function isGatewayApi(body: JsonValue): boolean {
  return String(valuesAt(body, 'apiVersion')[0]).startsWith('gateway.networking.k8s.io/');
}

function hasSeveralDnsEndpoints(body: JsonValue): boolean {
  return valuesAt(body, 'spec.resolution').includes('DNS') && valuesAt(body, 'spec.endpoints').length > 1;
}

function unsupportedFiltersIn(body: JsonValue): string[] {
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
