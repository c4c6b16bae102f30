/** Changes of the shop, planned by the real providers. The tests state what their reviews must report. */
import type { WeightCap } from '../../model/canary/weight-cap';
import type { TextReplacement, StackFile, Variant } from './variant';

const edit = (file: string, from: string, to: string): TextReplacement => ({ file, from, to });
const service = (name: string, from: string, to: string) => edit(`services/${name}.yaml`, from, to);

const cartInPublic = (jwt: 'required' | 'none') =>
  service(
    'cart',
    'timeoutMs: 800',
    `ingress:\n  - { host: api, methods: [GET], paths: [/carts/*], jwt: ${jwt} }\ntimeoutMs: 800`,
  );

/** Everyday changes: a stricter timeout, no retries, the next step of a canary. */
export const ROUTINE_CHANGES: Variant = {
  edits: [
    edit('releases/test.yaml', 'weightPercent: 10', 'weightPercent: 25'),
    service('cart', 'attempts: 2\n  perTryTimeoutMs: 230', 'attempts: 0'),
    service('order-management', 'timeoutMs: 1000', 'timeoutMs: 900'),
  ],
};

/** An image from elsewhere. */
export const FOREIGN_IMAGE: Variant = {
  edits: [edit('releases/test.yaml', 'v1: registry.example/shop/', 'v1: registry.elsewhere.example/shop/')],
};

/** Changes that weaken the mesh, all at once. */
export const WEAKENED: Variant = {
  edits: [
    service(
      'frontend',
      'timeoutMs: 4000',
      'calls:\n  - { service: order-management, methods: [POST], paths: [/orders] }\ntimeoutMs: 4000',
    ),
    cartInPublic('none'),
    service('cart', 'timeoutMs: 800', 'timeoutMs: 900\ncircuitBreaker: { maxConnections: 300 }'),
    service('cart', 'targetPercent: 99.9', 'targetPercent: 99.5'),
    service('cart', 'thresholdMs: 256', 'thresholdMs: 512'),
  ],
  patch: weaken,
};

/** Changes that the catalogue cannot express, as a changed construct might make them. */
function weaken({ resource }: StackFile): void {
  const manifests = resource['kubernetes_manifest'] ?? {};
  const peers = manifests['mesh_strict_mutual_tls']?.['manifest'] as { spec: { mtls: { mode: string } } };
  peers.spec.mtls.mode = 'PERMISSIVE';
  // The default deny of any namespace will do.
  drop(manifests, 'storefront_domain_deny_all_requests');
  drop(manifests, 'canary_weight_cap_binding');
  manifests['someone'] = {
    manifest: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'someone', namespace: 'purchasing' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'shop-operator' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'someone@shop.example' }],
    },
  };
}

function drop(manifests: Record<string, Record<string, unknown>>, name: string): void {
  if (manifests[name] === undefined) throw new Error(`the stack has no '${name}'`);
  delete manifests[name];
  for (const manifest of Object.values(manifests)) {
    const dependencies = manifest['depends_on'] as string[] | undefined;
    if (dependencies !== undefined)
      manifest['depends_on'] = dependencies.filter((address) => address !== `kubernetes_manifest.${name}`);
  }
}

/** Other ways to weaken callers, connections, rights and objectives. */
export const LOOSENED: Variant = {
  edits: [
    service(
      'checkout',
      'methods: [GET, DELETE], paths: [/carts/*]',
      'methods: [GET, DELETE, POST], paths: [/carts/*, /archive/*]',
    ),
    service(
      'order-management',
      'timeoutMs: 1000',
      'calls:\n  - { external: tax-service, methods: [POST], paths: [/v1/rates] }\ntimeoutMs: 1000\nretries: { attempts: 2, perTryTimeoutMs: 200, on: [connect-failure, refused-stream] }',
    ),
  ],
  added: {
    'external/tax-service.yaml':
      'name: tax-service\ndescription: Rates of taxes\nowner: team-purchasing\nhost: api.tax-service.example\ntimeoutMs: 100\n',
  },
  patch: loosen,
};

function loosen({ resource }: StackFile): void {
  const manifests = resource['kubernetes_manifest'] ?? {};
  const clients = specOf<{ trafficPolicy: { tls: { mode: string } } }>(manifests, 'cart_v1_destination_rule');
  clients.trafficPolicy.tls.mode = 'DISABLE';
  const listener = specOf<{ servers: { tls: { minProtocolVersion: string } }[] }>(
    manifests,
    'ingress_gateway_listener',
  );
  for (const { tls } of listener.servers) tls.minProtocolVersion = 'TLSV1_0';
  specOf<{ hostnames: string[] }>(manifests, 'ingress_gateway_load_balancer_route').hostnames.push(
    'old.shop.example',
  );
  drop(manifests, 'storefront_domain_deny_all_connections');
  const operator = manifests['roles_operator']?.['manifest'] as { rules: { verbs: string[] }[] };
  operator.rules[0]?.verbs.push('delete');
  const alerts = resource['google_monitoring_alert_policy'] ?? {};
  if (!Reflect.has(alerts, 'cart_slo_absence')) throw new Error("the stack has no 'cart_slo_absence'");
  delete alerts['cart_slo_absence'];
  (alerts['cart_slo_latency_ticket'] ?? {})['notification_channels'] = [];
}

/** Deletes the load balancer's Gateway and a namespace. Planned, never applied. */
export const GATEWAY_REMOVED: Variant = {
  patch: ({ resource }) => {
    const manifests = resource['kubernetes_manifest'] ?? {};
    for (const name of ['canary_namespace', 'ingress_gateway_load_balancer_gateway']) drop(manifests, name);
  },
};

function specOf<Spec>(manifests: Record<string, Record<string, unknown>>, name: string): Spec {
  const { spec } = manifests[name]?.['manifest'] as { spec: Spec };
  return spec;
}

/** A public route that requires a token, and the same without. */
export const TOKEN_REQUIRED: Variant = { edits: [cartInPublic('required')] };
export const TOKEN_REMOVED: Variant = { edits: [cartInPublic('none')] };

/** The weight cap that the rollback controller writes when the shop's canary burns its budget. */
export const CHECKOUT_WEIGHT_CAP: WeightCap = {
  service: 'checkout',
  host: 'checkout-v2.purchasing.svc.cluster.local',
  release: `sha256:${'2'.repeat(64)}`,
  maximumWeightPercent: 0,
  action: 'rollback',
  incident: '0.nq3x5',
  time: '2026-01-31T09:00:00Z',
};

const BASKET: Pick<Variant, 'edits' | 'renamed'> = {
  edits: [
    service('cart', 'name: cart', 'name: basket'),
    service('checkout', 'service: cart', 'service: basket'),
    service('checkout', 'calls: [cart,', 'calls: [basket,'),
  ],
  renamed: { 'services/cart.yaml': 'services/basket.yaml' },
};

/** The cart is renamed to basket, and the catalogue names the old one. */
export const RENAMED: Variant = {
  ...BASKET,
  edits: [...(BASKET.edits ?? []), service('cart', 'name: basket', 'name: basket\nrenamedFrom: cart')],
};

/** The same without the old name. */
export const RENAMED_WITHOUT_MOVE: Variant = BASKET;

/** The effect of moved blocks alone, if the objects got the new name too. */
export const RENAMED_OBJECTS: Variant = {
  ...BASKET,
  patch: (stack) => {
    const moved = Object.entries(stack.resource).flatMap(([type, resources]) =>
      Object.keys(resources)
        .filter((name) => name.startsWith('basket_'))
        .map((name) => ({ from: `${type}.${name.replace('basket_', 'cart_')}`, to: `${type}.${name}` })),
    );
    Object.assign(stack, { moved });
  },
};

/** Another engine, which replaces the database; deletion protection is off too. */
export const DATABASE_REPLACED: Variant = {
  edits: [
    edit('environments/test.yaml', 'cpuCount: 2', 'cpuCount: 2, engine: cloud-sql'),
    edit('environments/test.yaml', 'database:', 'deletionProtection: false\ndatabase:'),
  ],
};

export const DATABASE_RESIZED: Variant = {
  edits: [edit('environments/test.yaml', 'cpuCount: 2', 'cpuCount: 4')],
};
