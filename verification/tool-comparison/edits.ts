/** Invalid edits, each of the catalogue or, where the catalogue cannot express it, of the synthesized stacks. */

export interface InvalidEdit {
  /** Names the row of the table. */
  readonly edit: string;
  readonly catalogue?: {
    readonly file: string;
    /** Paths and their new values; undefined deletes. */
    readonly values: readonly PathAndValue[];
  };
  /** By an override of the resource, which bypasses the constructs. */
  readonly resource?: {
    readonly stack: string;
    readonly address: string;
    readonly path: string;
    readonly value: unknown;
  };
}

type PathAndValue = readonly [path: readonly (string | number)[], value: unknown];

const inFile = (edit: string, file: string, ...values: readonly PathAndValue[]): InvalidEdit => ({
  edit,
  catalogue: { file, values },
});
const inStack = (
  edit: string,
  stack: string,
  address: string,
  path: string,
  value: unknown,
): InvalidEdit => ({
  edit,
  resource: { stack, address, path, value },
});

/** The first is the control, without any edit. */
export const EDITS: readonly InvalidEdit[] = [
  { edit: 'none (control)' },

  inFile('attempts that outlast the timeout', 'services/cart.yaml', [['retries', 'perTryTimeoutMs'], 800]),
  inFile('retries without a timeout per attempt', 'services/cart.yaml', [
    ['retries', 'perTryTimeoutMs'],
    undefined,
  ]),
  inFile('retries in two layers', 'services/recommendation.yaml', [
    ['retries'],
    { attempts: 2, perTryTimeoutMs: 60 },
  ]),
  inFile('a callee slower than its caller', 'services/product-catalog.yaml', [
    ['retries', 'perTryTimeoutMs'],
    300,
  ]),
  inFile('1,000 retries in flight', 'services/cart.yaml', [['circuitBreaker'], { maxRetries: 1000 }]),
  inFile('outlier ejection of less than one endpoint', 'services/cart.yaml', [
    ['circuitBreaker'],
    { outlierDetection: { maxEjectionPercent: 10 } },
  ]),
  inFile('outlier ejection of every endpoint', 'services/cart.yaml', [
    ['circuitBreaker'],
    { outlierDetection: { maxEjectionPercent: 100 } },
  ]),
  inFile('connection pool limits below the usual load', 'services/cart.yaml', [
    ['circuitBreaker'],
    { maxRequests: 1 },
  ]),
  inFile('a disruption budget of every pod', 'services/cart.yaml', [
    ['disruptionBudget'],
    { maxUnavailable: 3 },
  ]),
  inFile("a port of the pod's proxy", 'services/cart.yaml', [['port'], 15_001]),
  inFile('an availability target that the callees cannot meet', 'services/checkout.yaml', [
    ['slos', 'availability', 'targetPercent'],
    99.9,
  ]),
  inFile(
    'a service out of PCI scope that calls payment',
    'services/frontend.yaml',
    [['timeoutMs'], 2_500],
    [['calls'], [{ service: 'payment', methods: ['POST'], paths: ['/payments'], optional: true }]],
  ),
  inFile('a route without a token over one that requires it', 'services/cart.yaml', [
    ['ingress', 1],
    { host: 'api', methods: ['GET'], paths: ['/carts/1'], jwt: 'none' },
  ]),
  inFile('two environments in one project', 'environments/prod.yaml', [
    ['project', 'id'],
    'shop-staging-example',
  ]),
  inFile('production without deletion protection', 'environments/prod.yaml', [['deletionProtection'], false]),
  inFile('a single pod of a critical service', 'services/cart.yaml', [['autoscaling', 'minReplicas'], 1]),

  inStack(
    'weights of 90 and 20',
    'mesh-policies',
    'kubernetes_manifest.checkout_virtual_service',
    'manifest.spec.http.0.route.1.weight',
    20,
  ),
  inStack(
    'mutual TLS that accepts plain text',
    'mesh-policies',
    'kubernetes_manifest.mesh_strict_mutual_tls',
    'manifest.spec.mtls.mode',
    'PERMISSIVE',
  ),
  inStack(
    'a client without TLS',
    'mesh-policies',
    'kubernetes_manifest.cart_v1_destination_rule',
    'manifest.spec.trafficPolicy.tls.mode',
    'DISABLE',
  ),
  inStack(
    'a field that the managed mesh ignores',
    'mesh-policies',
    'kubernetes_manifest.cart_access_v1_sidecar',
    'manifest.spec.inboundConnectionPool',
    { http: { http2MaxRequests: 5 } },
  ),
  inStack(
    'a string that reads a file of the pipeline',
    'mesh-policies',
    'google_monitoring_service.cart_slo_service',
    'display_name',
    '${file("/etc/hostname")}',
  ),
  inStack(
    'the primitive role of an editor',
    'cluster-and-asm',
    'google_project_iam_member.cluster_node_identity_nodes',
    'role',
    'roles/editor',
  ),
  inStack(
    'nodes with public addresses',
    'cluster-and-asm',
    'google_container_cluster.cluster',
    'private_cluster_config.enable_private_nodes',
    false,
  ),
  inStack(
    'a control plane open to the internet',
    'cluster-and-asm',
    'google_container_cluster.cluster',
    'master_authorized_networks_config',
    { cidr_blocks: [{ cidr_block: '0.0.0.0/0' }] },
  ),
  inStack(
    'a topic without a customer-managed key',
    'data',
    'google_pubsub_topic.secrets_rotation_topic',
    'kms_key_name',
    null,
  ),

  inStack(
    'a route to a host that does not exist',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.http.0.route.0.destination.host',
    'cart-v9.purchasing.svc.cluster.local',
  ),
  inStack(
    'a misspelt field',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.hostz',
    ['cart'],
  ),
  inStack(
    'a retry condition that does not exist',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.http.0.retries.retryOn',
    'sometimes',
  ),
];
