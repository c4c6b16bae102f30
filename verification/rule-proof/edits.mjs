// One edit each, and where it is made: in the catalogue, or behind its back by an escape hatch.

/** @typedef {{ fault: string, file?: string, set?: [(string | number)[], unknown][], stack?: string, address?: string, override?: [string, unknown] }} Fault */

const inFile = (fault, file, ...set) => ({ fault, file, set });
const planted = (fault, stack, address, path, value) => ({ fault, stack, address, override: [path, value] });

/** @type {Fault[]} The first is the control: the shop as it is. */
export const FAULTS = [
  { fault: 'none (control)' },

  inFile('tries that outlast the timeout', 'services/cart.yaml', [['retries', 'perTryTimeoutMs'], 800]),
  inFile('retries without a time for each try', 'services/cart.yaml', [
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
  inFile('ejection of less than one endpoint', 'services/cart.yaml', [
    ['circuitBreaker'],
    { outlierDetection: { maxEjectionPercent: 10 } },
  ]),
  inFile('ejection of every endpoint', 'services/cart.yaml', [
    ['circuitBreaker'],
    { outlierDetection: { maxEjectionPercent: 100 } },
  ]),
  inFile('a breaker below the usual load', 'services/cart.yaml', [['circuitBreaker'], { maxRequests: 1 }]),
  inFile('a drain of every pod', 'services/cart.yaml', [['disruptionBudget'], { maxUnavailable: 3 }]),
  inFile("a port of the pod's proxy", 'services/cart.yaml', [['port'], 15_001]),
  inFile('a target that the callees cannot bear', 'services/checkout.yaml', [
    ['slos', 'availability', 'targetPercent'],
    99.9,
  ]),
  inFile(
    'a service out of PCI scope that calls payment',
    'services/frontend.yaml',
    [['timeoutMs'], 2_500],
    [['calls'], [{ service: 'payment', methods: ['POST'], paths: ['/payments'], optional: true }]],
  ),
  inFile('an open route over a guarded one', 'services/cart.yaml', [
    ['ingress', 1],
    { host: 'api', methods: ['GET'], paths: ['/carts/1'], jwt: 'none' },
  ]),
  inFile('two environments in one project', 'environments/prod.yaml', [
    ['project', 'id'],
    'shop-staging-example',
  ]),
  inFile('production that can be deleted', 'environments/prod.yaml', [['deletionProtection'], false]),
  inFile('one pod of a critical service', 'services/cart.yaml', [['autoscaling', 'minReplicas'], 1]),

  planted(
    'weights of 90 and 20',
    'mesh-policies',
    'kubernetes_manifest.checkout_virtual_service',
    'manifest.spec.http.0.route.1.weight',
    20,
  ),
  planted(
    'mutual TLS that takes plain text',
    'mesh-policies',
    'kubernetes_manifest.mesh_strict_mutual_tls',
    'manifest.spec.mtls.mode',
    'PERMISSIVE',
  ),
  planted(
    'a client without TLS',
    'mesh-policies',
    'kubernetes_manifest.cart_v1_destination_rule',
    'manifest.spec.trafficPolicy.tls.mode',
    'DISABLE',
  ),
  planted(
    'a field that the managed mesh ignores',
    'mesh-policies',
    'kubernetes_manifest.cart_access_v1_sidecar',
    'manifest.spec.inboundConnectionPool',
    { http: { http2MaxRequests: 5 } },
  ),
  planted(
    'a text that reads a file of the pipeline',
    'mesh-policies',
    'google_monitoring_service.cart_slo_service',
    'display_name',
    '${file("/etc/hostname")}',
  ),
  planted(
    'the role of an editor',
    'cluster-and-asm',
    'google_project_iam_member.cluster_node_identity_nodes',
    'role',
    'roles/editor',
  ),
  planted(
    'nodes with public addresses',
    'cluster-and-asm',
    'google_container_cluster.cluster',
    'private_cluster_config.enable_private_nodes',
    false,
  ),
  planted(
    'a control plane open to everybody',
    'cluster-and-asm',
    'google_container_cluster.cluster',
    'master_authorized_networks_config',
    { cidr_blocks: [{ cidr_block: '0.0.0.0/0' }] },
  ),
  planted(
    'a topic without a key of our own',
    'data',
    'google_pubsub_topic.secrets_rotation_topic',
    'kms_key_name',
    null,
  ),

  planted(
    'a route to a host that nobody has',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.http.0.route.0.destination.host',
    'cart-v9.purchasing.svc.cluster.local',
  ),
  planted(
    'a misspelt field',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.hostz',
    ['cart'],
  ),
  planted(
    'a retry condition that does not exist',
    'mesh-policies',
    'kubernetes_manifest.cart_virtual_service',
    'manifest.spec.http.0.retries.retryOn',
    'sometimes',
  ),
];
