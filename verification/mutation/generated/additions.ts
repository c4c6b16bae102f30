/** Fields that the objects do not have, and that would weaken or break them. */
import type { FieldPath } from './mutant';

export interface Addition {
  readonly path: FieldPath;
  readonly value: unknown;
}

const pod = (...path: string[]): FieldPath => ['spec', 'template', ...path];
const container = (...path: (string | number)[]): FieldPath => [
  'spec',
  'template',
  'spec',
  'containers',
  0,
  ...path,
];
const podAnnotation = (name: string): FieldPath => pod('metadata', 'annotations', name);
const firstRoute = (...path: (string | number)[]): FieldPath => ['spec', 'http', 1, ...path];
const DELAY = { delay: { percentage: { value: 100 }, fixedDelay: '5s' } };

/** By kind, as `kindOf` names it. A path that an object does not have up to its last step is left out. */
export const ADDITIONS: Readonly<Record<string, readonly Addition[]>> = {
  AuthorizationPolicy: [
    { path: ['spec', 'rules'], value: [{}] },
    { path: ['spec', 'action'], value: 'DENY' },
    { path: ['spec', 'rules', 0, 'when'], value: [{ key: 'request.headers[x-lab]', values: ['1'] }] },
    { path: ['spec', 'rules', 0, 'to', 0, 'operation', 'notMethods'], value: ['GET'] },
    { path: ['spec', 'rules', 0, 'to', 0, 'operation', 'notPaths'], value: ['/*'] },
    { path: ['spec', 'rules', 0, 'to', 0, 'operation', 'ports'], value: ['9999'] },
    { path: ['spec', 'rules', 0, 'from', 0, 'source', 'notPrincipals'], value: ['*'] },
    { path: ['spec', 'rules', 0, 'from', 0, 'source', 'namespaces'], value: ['default'] },
    { path: ['spec', 'selector'], value: { matchLabels: { app: 'lab' } } },
    { path: ['metadata', 'annotations'], value: { 'istio.io/dry-run': 'true' } },
  ],
  RequestAuthentication: [
    { path: ['spec', 'jwtRules', 0, 'fromParams'], value: ['access_token'] },
    { path: ['spec', 'jwtRules', 0, 'fromCookies'], value: ['token'] },
    { path: ['spec', 'jwtRules', 0, 'outputPayloadToHeader'], value: 'x-claims' },
    { path: ['spec', 'jwtRules', 0, 'jwks'], value: '{"keys":[]}' },
    { path: ['spec', 'jwtRules', 0, 'timeout'], value: '30s' },
  ],
  PeerAuthentication: [
    { path: ['spec', 'portLevelMtls'], value: { '8080': { mode: 'PERMISSIVE' } } },
    { path: ['spec', 'selector'], value: { matchLabels: { app: 'cart' } } },
  ],
  Sidecar: [
    {
      path: ['spec', 'ingress'],
      value: [{ port: { number: 9999, protocol: 'HTTP', name: 'lab' }, defaultEndpoint: '127.0.0.1:8080' }],
    },
    { path: ['spec', 'egress', 0, 'port'], value: { number: 9999, protocol: 'HTTP', name: 'lab' } },
    { path: ['spec', 'egress', 0, 'captureMode'], value: 'NONE' },
    {
      path: ['spec', 'outboundTrafficPolicy', 'egressProxy'],
      value: { host: 'frontend.storefront.svc.cluster.local', port: { number: 80 } },
    },
    { path: ['spec', 'inboundConnectionPool'], value: { http: { http1MaxPendingRequests: 1 } } },
  ],
  ServiceEntry: [
    { path: ['spec', 'exportTo'], value: ['.'] },
    { path: ['spec', 'endpoints'], value: [{ address: '198.51.100.7' }] },
    { path: ['spec', 'subjectAltNames'], value: ['lab.example'] },
    { path: ['spec', 'workloadSelector'], value: { labels: { app: 'frontend' } } },
  ],
  VirtualService: [
    { path: firstRoute('fault'), value: DELAY },
    { path: firstRoute('fault'), value: { abort: { percentage: { value: 50 }, httpStatus: 503 } } },
    {
      path: firstRoute('mirror'),
      value: { host: 'frontend-v1.storefront.svc.cluster.local', port: { number: 80 } },
    },
    { path: firstRoute('rewrite'), value: { uri: '/lab' } },
    { path: firstRoute('redirect'), value: { uri: '/lab' } },
    { path: firstRoute('corsPolicy'), value: { allowOrigins: [{ regex: '.*' }] } },
    { path: firstRoute('headers'), value: { request: { set: { authorization: 'Bearer x' } } } },
    { path: firstRoute('match', 0, 'withoutHeaders'), value: { cookie: { regex: '.*' } } },
    { path: firstRoute('match', 0, 'headers'), value: { cookie: { exact: 'a=b' } } },
    { path: firstRoute('match', 0, 'sourceLabels'), value: { app: 'lab' } },
    { path: firstRoute('match', 0, 'queryParams'), value: { lab: { exact: '1' } } },
    { path: firstRoute('match', 0, 'ignoreUriCase'), value: true },
    { path: ['spec', 'exportTo'], value: ['.'] },
    { path: ['spec', 'http', 2, 'fault'], value: DELAY },
  ],
  DestinationRule: [
    { path: ['spec', 'exportTo'], value: ['.'] },
    { path: ['spec', 'workloadSelector'], value: { matchLabels: { app: 'lab' } } },
    { path: ['spec', 'trafficPolicy', 'loadBalancer'], value: { consistentHash: { useSourceIp: true } } },
    { path: ['spec', 'trafficPolicy', 'tls', 'insecureSkipVerify'], value: true },
    { path: ['spec', 'trafficPolicy', 'connectionPool', 'http', 'maxRequestsPerConnection'], value: 1 },
    { path: ['spec', 'trafficPolicy', 'connectionPool', 'http', 'h2UpgradePolicy'], value: 'UPGRADE' },
    { path: ['spec', 'trafficPolicy', 'outlierDetection', 'minHealthPercent'], value: 90 },
    { path: ['spec', 'trafficPolicy', 'outlierDetection', 'consecutiveGatewayErrors'], value: 1 },
  ],
  'Gateway (istio)': [
    { path: ['spec', 'servers', 0, 'tls', 'httpsRedirect'], value: true },
    { path: ['spec', 'servers', 0, 'tls', 'maxProtocolVersion'], value: 'TLSV1_0' },
    { path: ['spec', 'servers', 0, 'tls', 'cipherSuites'], value: ['AES128-SHA'] },
  ],
  'Gateway (networking)': [
    { path: ['spec', 'listeners', 0, 'hostname'], value: 'lab.example' },
    { path: ['metadata', 'annotations', 'networking.gke.io/static-ip'], value: 'lab' },
  ],
  HTTPRoute: [
    { path: ['spec', 'rules', 0, 'matches'], value: [{ path: { type: 'PathPrefix', value: '/lab' } }] },
    {
      path: ['spec', 'rules', 0, 'filters'],
      value: [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: { set: [{ name: 'x-forwarded-for', value: '10.0.0.1' }] },
        },
      ],
    },
    { path: ['spec', 'rules', 0, 'timeouts'], value: { request: '1s' } },
  ],
  GCPBackendPolicy: [
    { path: ['spec', 'default', 'iap'], value: { enabled: true, clientID: 'lab' } },
    { path: ['spec', 'default', 'sessionAffinity'], value: { type: 'CLIENT_IP' } },
  ],
  Namespace: [
    { path: ['metadata', 'labels', 'istio.io/rev'], value: 'lab' },
    { path: ['metadata', 'labels', 'topology.istio.io/network'], value: 'lab' },
    { path: ['metadata', 'labels', 'pod-security.kubernetes.io/enforce-version'], value: 'v1.22' },
  ],
  NetworkPolicy: [
    { path: ['spec', 'ingress'], value: [{}] },
    { path: ['spec', 'egress'], value: [{}] },
    { path: ['spec', 'ingress', 0, 'ports', 0, 'endPort'], value: 65_535 },
    { path: ['spec', 'podSelector', 'matchExpressions'], value: [{ key: 'app', operator: 'DoesNotExist' }] },
  ],
  Service: [
    { path: ['spec', 'externalIPs'], value: ['198.51.100.7'] },
    { path: ['spec', 'type'], value: 'LoadBalancer' },
    { path: ['spec', 'publishNotReadyAddresses'], value: true },
    { path: ['spec', 'sessionAffinity'], value: 'ClientIP' },
    { path: ['spec', 'clusterIP'], value: 'None' },
    { path: ['spec', 'internalTrafficPolicy'], value: 'Local' },
    { path: ['spec', 'ports', 0, 'appProtocol'], value: 'tcp' },
    { path: ['metadata', 'labels', 'istio.io/global'], value: 'true' },
    { path: ['metadata', 'annotations'], value: { 'networking.istio.io/exportTo': '~' } },
    { path: ['metadata', 'annotations'], value: { 'cloud.google.com/neg': '{"exposed_ports":{"80":{}}}' } },
  ],
  ServiceAccount: [
    {
      path: ['metadata', 'annotations'],
      value: { 'iam.gke.io/gcp-service-account': 'lab@lab.iam.gserviceaccount.com' },
    },
    { path: ['imagePullSecrets'], value: [{ name: 'lab' }] },
  ],
  Deployment: [
    { path: pod('spec', 'hostNetwork'), value: true },
    { path: pod('spec', 'shareProcessNamespace'), value: true },
    { path: pod('spec', 'nodeSelector'), value: { lab: 'true' } },
    { path: pod('spec', 'dnsPolicy'), value: 'None' },
    { path: pod('spec', 'hostAliases'), value: [{ ip: '198.51.100.7', hostnames: ['www.googleapis.com'] }] },
    { path: pod('spec', 'priorityClassName'), value: 'system-node-critical' },
    { path: pod('spec', 'initContainers'), value: [{ name: 'lab', image: 'lab.example/lab:latest' }] },
    { path: podAnnotation('sidecar.istio.io/inject'), value: 'false' },
    { path: podAnnotation('traffic.sidecar.istio.io/excludeInboundPorts'), value: '8080' },
    { path: podAnnotation('traffic.sidecar.istio.io/excludeOutboundPorts'), value: '443' },
    { path: podAnnotation('traffic.sidecar.istio.io/excludeOutboundIPRanges'), value: '0.0.0.0/0' },
    { path: podAnnotation('traffic.sidecar.istio.io/includeOutboundIPRanges'), value: '' },
    { path: podAnnotation('sidecar.istio.io/rewriteAppHTTPProbers'), value: 'false' },
    { path: podAnnotation('sidecar.istio.io/proxyImage'), value: 'lab.example/proxy' },
    { path: pod('metadata', 'labels', 'sidecar.istio.io/inject'), value: 'false' },
    { path: pod('metadata', 'labels', 'security.istio.io/tlsMode'), value: 'disabled' },
    { path: container('securityContext', 'runAsUser'), value: 1_337 },
    { path: container('securityContext', 'capabilities', 'add'), value: ['NET_BIND_SERVICE'] },
    { path: container('resources', 'limits', 'cpu'), value: '100m' },
    { path: container('envFrom'), value: [{ secretRef: { name: 'lab' } }] },
    { path: container('command'), value: ['sleep', '1d'] },
    { path: container('ports', 0, 'hostPort'), value: 8_080 },
    { path: ['spec', 'replicas'], value: 1 },
    { path: ['spec', 'paused'], value: true },
    { path: ['spec', 'minReadySeconds'], value: 3_600 },
  ],
  HorizontalPodAutoscaler: [
    { path: ['spec', 'behavior', 'scaleUp'], value: { selectPolicy: 'Disabled' } },
    { path: ['spec', 'behavior'], value: { scaleDown: { selectPolicy: 'Disabled' } } },
  ],
  PodDisruptionBudget: [
    { path: ['spec', 'selector', 'matchExpressions'], value: [{ key: 'app', operator: 'DoesNotExist' }] },
  ],
  Telemetry: [
    { path: ['spec', 'accessLogging', 0, 'disabled'], value: true },
    { path: ['spec', 'accessLogging', 0, 'filter'], value: { expression: 'response.code >= 500' } },
    { path: ['spec', 'tracing', 0, 'disableSpanReporting'], value: true },
    { path: ['spec', 'selector'], value: { matchLabels: { app: 'lab' } } },
    {
      path: ['spec', 'metrics'],
      value: [{ providers: [{ name: 'stackdriver' }], overrides: [{ disabled: true }] }],
    },
  ],
  ClusterPodMonitoring: [
    { path: ['spec', 'endpoints', 0, 'timeout'], value: '1s' },
    { path: ['spec', 'limits'], value: { samples: 1 } },
  ],
  ClusterRole: [
    { path: ['aggregationRule'], value: { clusterRoleSelectors: [{ matchLabels: { lab: 'true' } }] } },
  ],
  ValidatingAdmissionPolicy: [
    { path: ['spec', 'matchConditions'], value: [{ name: 'lab', expression: 'false' }] },
    { path: ['spec', 'matchConstraints', 'namespaceSelector'], value: { matchLabels: { lab: 'true' } } },
    {
      path: ['spec', 'matchConstraints', 'excludeResourceRules'],
      value: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
    },
  ],
  ValidatingAdmissionPolicyBinding: [
    { path: ['spec', 'matchResources'], value: { namespaceSelector: { matchLabels: { lab: 'true' } } } },
  ],
};
