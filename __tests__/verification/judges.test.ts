/** The judges find the mistakes that an attack on the running mesh showed no test to notice. */
import { firstFinding, judgeObjects } from '../../verification/judges/judges';
import type { KubernetesManifest } from '../../verification/kubernetes/kubernetes-object';
import { everyObject } from '../support/audits/judges';
import { environmentNamed } from '../support/catalogues';

const environment = environmentNamed('prod');
const objects = everyObject(environment);

type Change = (object: any) => void;

/** The objects with one of them changed. */
function changed(name: string, change: Change): KubernetesManifest[] {
  const target = objects.find(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}` === name,
  );
  if (target === undefined) throw new Error(`there is no ${name}`);
  const copy = structuredClone(target);
  change(copy);
  return objects.map((object) => (object === target ? copy : object));
}

const also = (name: string, change: Change): KubernetesManifest[] => {
  const [added] = changed(name, change).filter((object) => !objects.includes(object));
  return [...objects, added!];
};

const pod =
  (change: Change): Change =>
  ({ spec }) =>
    change(spec.template);
const CHECKOUT = 'Deployment purchasing/checkout-v1';
const CART = 'VirtualService purchasing/cart';
const WEB = 'VirtualService ingress-gateway/web';
const API = 'VirtualService ingress-gateway/api';
const DENY_ALL = 'AuthorizationPolicy purchasing/deny-all';

const MISTAKES: Readonly<Record<string, readonly [finding: RegExp, change: () => KubernetesManifest[]]>> = {
  'a caller has the declared path of another': [
    /^requests: .*cart-v1 accepts/,
    () =>
      changed('AuthorizationPolicy purchasing/cart', ({ spec }) =>
        spec.rules[1].to[0].operation.paths.push('/carts'),
      ),
  ],
  'a second policy allows everything': [
    /^inventory: nothing in the catalogue explains AuthorizationPolicy/,
    () =>
      also('AuthorizationPolicy purchasing/cart', ({ metadata, spec }) => {
        metadata.name = 'more';
        spec.rules = [{}];
      }),
  ],
  'a rule without a caller': [
    /^requests: .*order-management-v1 accepts/,
    () => changed('AuthorizationPolicy fulfilment/order-management', ({ spec }) => delete spec.rules[0].from),
  ],
  'a scope that the service no longer requires': [
    /^requests: .*user-profile-v1 accepts/,
    () =>
      changed('AuthorizationPolicy customers/user-profile', ({ spec }) => {
        for (const rule of spec.rules) delete rule.when;
      }),
  ],
  'another scope at the gateway': [
    /^requests: .*ingress-gateway (accepts|rejects) (PUT|PATCH)/,
    () =>
      changed('AuthorizationPolicy ingress-gateway/ingress-gateway', ({ spec }) => {
        for (const { when = [] } of spec.rules)
          for (const condition of when)
            if (condition.key === 'request.auth.claims[scope]') condition.values = ['another'];
      }),
  ],
  'a wider source range of a webhook': [
    /^requests: .*ingress-gateway accepts POST .*webhooks/,
    () =>
      changed('AuthorizationPolicy ingress-gateway/ingress-gateway', ({ spec }) => {
        for (const { from } of spec.rules)
          if (from?.[0].source.remoteIpBlocks) delete from[0].source.remoteIpBlocks;
      }),
  ],
  'no default deny for the next workload': [
    /^requests: no policy of purchasing denies everything/,
    () => changed(DENY_ALL, ({ spec }) => (spec.selector = { matchLabels: { app: 'cart' } })),
  ],
  'the mesh knows one more host': [
    /^registry: /,
    () =>
      changed('ServiceEntry istio-system/token-keys', ({ spec }) => spec.hosts.push('exfiltration.example')),
  ],
  'a proxy forwards to unknown hosts': [
    /^registry: .*ALLOW_ANY/,
    () =>
      changed('Sidecar istio-system/default', ({ spec }) => (spec.outboundTrafficPolicy.mode = 'ALLOW_ANY')),
  ],
  'keys of another issuer': [
    /^tokens: .*jwksUri/,
    () =>
      changed(
        'RequestAuthentication purchasing/cart',
        ({ spec }) => (spec.jwtRules[0].jwksUri = 'https://evil.example/keys'),
      ),
  ],
  'keys are fetched without a check of the certificate': [
    /^destinations: .*token-keys/,
    () =>
      changed(
        'DestinationRule istio-system/token-keys',
        ({ spec }) => delete spec.trafficPolicy.tls.caCertificates,
      ),
  ],
  'pods of a namespace get no proxy': [
    /^platform: .*istio-injection|^platform: .*labels/,
    () =>
      changed('Namespace /purchasing', ({ metadata }) => (metadata.labels['istio-injection'] = 'disabled')),
  ],
  'a pod gets no proxy': [
    /^service-pods: .*sidecar.istio.io\/inject is not explained/,
    () =>
      changed(
        CHECKOUT,
        pod(({ metadata }) => (metadata.annotations['sidecar.istio.io/inject'] = 'false')),
      ),
  ],
  'a port bypasses the proxy': [
    /^service-pods: .*excludeInboundPorts is not explained/,
    () =>
      changed(
        CHECKOUT,
        pod(
          ({ metadata }) => (metadata.annotations['traffic.sidecar.istio.io/excludeInboundPorts'] = '8080'),
        ),
      ),
  ],
  'a method leaves the split': [
    /^routes: .*checkout/,
    () =>
      changed('VirtualService purchasing/checkout', ({ spec }) =>
        spec.http.splice(1, 0, {
          ...spec.http[1],
          name: 'posts',
          match: [{ method: { exact: 'POST' } }],
          route: [spec.http[1].route[0]],
        }),
      ),
  ],
  'a cookie leaves the split': [
    /^routes: .*/,
    () =>
      changed('VirtualService purchasing/checkout', ({ spec }) =>
        spec.http.splice(1, 0, {
          ...spec.http[1],
          name: 'cookies',
          match: [{ headers: { cookie: { regex: '.*' } } }],
          route: [{ ...spec.http[1].route[1], weight: 100 }],
        }),
      ),
  ],
  'requests wait five seconds': [
    /^routes: .*delay is not explained/,
    () =>
      changed(
        CART,
        ({ spec }) => (spec.http[1].fault = { delay: { percentage: { value: 100 }, fixedDelay: '5s' } }),
      ),
  ],
  'every origin may read pages': [
    /^browsers: .*GET .*www.shop.example\/.* may be read by \[{"regex":"\.\*"}\] instead of \[\]/,
    () => changed(WEB, ({ spec }) => (spec.http.at(-1).corsPolicy = { allowOrigins: [{ regex: '.*' }] })),
  ],
  'another origin may call the API': [
    /^browsers: .*a preflight .* may be read by \[{"regex":"https:\/\/\.\*"}\] instead of/,
    () =>
      changed(API, ({ spec }) => {
        for (const rule of spec.http.filter(({ name }: any) => name.startsWith('preflight-'))) {
          for (const match of rule.match) match.headers.origin = { regex: 'https://.*' };
          rule.corsPolicy.allowOrigins = [{ regex: 'https://.*' }];
        }
      }).map((object) =>
        object.kind === 'AuthorizationPolicy' && object.metadata.name === 'ingress-gateway'
          ? (JSON.parse(
              JSON.stringify(object).replaceAll(
                '"request.headers[origin]","values":["https://www.shop.example"]',
                '"request.headers[origin]","values":["*"]',
              ),
            ) as KubernetesManifest)
          : object,
      ),
  ],
  'a preflight passes to a service': [
    /^browsers: .*a preflight .* reaches/,
    () =>
      changed(API, ({ spec }) => {
        for (const rule of spec.http.filter(({ name }: any) => name.startsWith('preflight-')))
          delete rule.corsPolicy;
      }),
  ],
  'preflights are answered for another method': [
    /^browsers: .*a preflight for .* is answered/,
    () =>
      changed('AuthorizationPolicy ingress-gateway/ingress-gateway', ({ spec }) => {
        for (const rule of spec.rules.filter(({ when }: any) => when?.[0].key === 'request.headers[origin]'))
          rule.when[1].values.push('DELETE', 'PATCH');
      }).map((object) =>
        object.kind === 'VirtualService' && object.metadata.name === 'api'
          ? (JSON.parse(
              JSON.stringify(object).replaceAll(/"regex":"GET\|[A-Z|]+"/g, '"regex":".*"'),
            ) as KubernetesManifest)
          : object,
      ),
  ],
  'pages have no content security policy': [
    /^browsers: .*GET .*www.shop.example.* adds undefined instead of/,
    () => changed(WEB, ({ spec }) => delete spec.http.at(-1).headers.response.add),
  ],
  'pages of other hosts send cookies': [
    /^browsers: .*allowCredentials is true instead of false/,
    () => changed(API, ({ spec }) => (spec.http.at(-1).corsPolicy.allowCredentials = true)),
  ],
  'the application ends at once': [
    /^service-pods: .*preStop/,
    () =>
      changed(
        'Deployment payments/payment-v1',
        pod(({ spec }) => delete spec.containers[0].lifecycle),
      ),
  ],
  'the grace period of one service is too short': [
    /^service-pods: .*terminationGracePeriodSeconds/,
    () =>
      changed(
        CHECKOUT,
        pod(({ spec }) => (spec.terminationGracePeriodSeconds = 10)),
      ),
  ],
  'one request per connection': [
    /^destinations: .*maxRequestsPerConnection is not explained/,
    () =>
      changed(
        'DestinationRule purchasing/cart-v1',
        ({ spec }) => (spec.trafficPolicy.connectionPool.http.maxRequestsPerConnection = 1),
      ),
  ],
  'the third party may get any number of connections': [
    /^destinations: .*payment-gateway.*maxConnections/,
    () =>
      changed(
        'DestinationRule egress-gateway/payment-gateway',
        ({ spec }) => (spec.trafficPolicy.portLevelSettings[0].connectionPool.tcp.maxConnections = 5_000),
      ),
  ],
  'a probe asks another port': [
    /^service-pods: .*readinessProbe httpGet/,
    () =>
      changed(
        CHECKOUT,
        pod(({ spec }) => (spec.containers[0].readinessProbe.httpGet.port = 9_090)),
      ),
  ],
  'an autoscaler of nobody': [
    /^services: .*scaleTargetRef/,
    () =>
      changed(
        'HorizontalPodAutoscaler purchasing/cart-v1',
        ({ spec }) => (spec.scaleTargetRef.name = 'carts'),
      ),
  ],
  'a budget of nobody': [
    /^services: .*selector/,
    () =>
      changed(
        'PodDisruptionBudget purchasing/cart-v1',
        ({ spec }) => (spec.selector.matchLabels.app = 'carts'),
      ),
  ],
  'a namespace admits privileged pods': [
    /^platform: .*labels/,
    () =>
      changed(
        'Namespace /payments',
        ({ metadata }) => (metadata.labels['pod-security.kubernetes.io/enforce'] = 'privileged'),
      ),
  ],
  'every pod may connect': [
    /^connections: .*can connect from/,
    () => changed('NetworkPolicy payments/payment-v1', ({ spec }) => spec.ingress.push({})),
  ],
  'a pod of the same labels in another namespace may connect': [
    /^connections: .*namesake/,
    () =>
      changed(
        'NetworkPolicy payments/payment-v1',
        ({ spec }) => (spec.ingress[0].from[0].namespaceSelector = {}),
      ),
  ],
  'the load balancer has no Cloud Armor': [
    /^edge: .*securityPolicy/,
    () =>
      changed(
        'GCPBackendPolicy ingress-gateway/ingress-gateway',
        ({ spec }) => delete spec.default.securityPolicy,
      ),
  ],
  'the load balancer speaks plain HTTP to the gateway': [
    /^services: .*ports/,
    () => changed('Service ingress-gateway/ingress-gateway', ({ spec }) => delete spec.ports[1].appProtocol),
  ],
  'the load balancer checks another port': [
    /^edge: .*HealthCheckPolicy/,
    () =>
      changed(
        'HealthCheckPolicy ingress-gateway/ingress-gateway',
        ({ spec }) => (spec.default.config.httpHealthCheck.port = 8_080),
      ),
  ],
  'HTTP is served instead of redirected': [
    /^edge: .*HTTPRoute/,
    () =>
      changed('HTTPRoute ingress-gateway/shop-redirect', ({ spec }) => {
        spec.rules = [{ backendRefs: [{ name: 'ingress-gateway', port: 443 }] }];
      }),
  ],
  'only errors are logged': [
    /^platform: .*Telemetry/,
    () =>
      changed(
        'Telemetry istio-system/mesh-default',
        ({ spec }) => (spec.accessLogging[0].filter = { expression: 'response.code >= 500' }),
      ),
  ],
  'operators may read secrets': [
    /^rights: .*get secrets/,
    () => changed('ClusterRole /shop-operator', ({ rules }) => rules[0].resources.push('secrets')),
  ],
  'weight caps only warn': [
    /^admission: .*shop-weight-cap/,
    () =>
      changed(
        'ValidatingAdmissionPolicyBinding /shop-weight-cap',
        ({ spec }) => (spec.validationActions = ['Warn']),
      ),
  ],
  'a kind that no judge reads': [
    /^no judge reads objects of kind EnvoyFilter/,
    () => [
      ...objects,
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'EnvoyFilter',
        metadata: { name: 'x', namespace: 'istio-system' },
      },
    ],
  ],
};

test('there is no finding without a mistake', () => {
  expect(judgeObjects({ environment, objects })).toEqual([]);
});

test.each(Object.entries(MISTAKES))('%s', (_, [finding, change]) => {
  const mistaken = change();
  const kind = mistaken.find((object) => !objects.includes(object))?.kind ?? '';
  expect(firstFinding({ environment, objects: mistaken }, kind)).toMatch(finding);
});
