import { environmentNamed } from '../support/catalogues';
import { objectsOf, synthEnvironment } from '../support/synth';

const prod = synthEnvironment(environmentNamed('prod')).get('prod-mesh-policies');
const dev = synthEnvironment(environmentNamed('dev')).get('dev-mesh-policies');
const objects = objectsOf(prod);

/** The `spec` of the object at the address. */
function specOf(address: string): any {
  const object = objects.get(address);
  if (!object) throw new Error(`no object '${address}'`);
  return object.spec;
}

test('checkout is split 90:10 between the hosts of its versions', () => {
  expect(specOf('checkout_virtual_service')).toEqual({
    hosts: ['checkout.purchasing.svc.cluster.local'],
    gateways: ['mesh'],
    http: [
      expect.objectContaining({ name: 'ambiguous-path' }),
      {
        name: 'default',
        route: [
          {
            destination: { host: 'checkout-v1.purchasing.svc.cluster.local', port: { number: 80 } },
            weight: 90,
          },
          {
            destination: { host: 'checkout-v2.purchasing.svc.cluster.local', port: { number: 80 } },
            weight: 10,
          },
        ],
        timeout: '6s',
        retries: { attempts: 0 },
      },
    ],
  });
});

test('reads of cart get up to three attempts, writes are retried only if they cannot have arrived', () => {
  const [, reads, writes] = specOf('cart_virtual_service').http;

  expect(reads.match).toEqual([{ method: { exact: 'GET' } }, { method: { exact: 'HEAD' } }]);
  expect(reads.retries).toEqual({
    attempts: 2,
    perTryTimeout: '230ms',
    retryOn: 'connect-failure,refused-stream,reset,gateway-error',
  });
  expect(writes.match).toBeUndefined();
  expect(writes.retries).toEqual({
    attempts: 2,
    perTryTimeout: '230ms',
    retryOn: 'connect-failure,refused-stream',
  });
});

test('external clients reach cart by its declared methods and paths only', () => {
  const matches = specOf('public_api')
    .http.filter(({ name }: any) => name.startsWith('cart-'))
    .flatMap(({ match }: any) => match);

  expect(new Set(matches.map(({ method }: any) => method.exact))).toEqual(
    new Set(['GET', 'POST', 'PUT', 'DELETE']),
  );
  expect(new Set(matches.map(({ uri }: any) => uri.exact ?? `${uri.prefix}*`))).toEqual(
    new Set(['/carts', '/carts/*']),
  );
});

test('clients without routes reach the stable version, never the canary', () => {
  expect(specOf('checkout_service').selector).toEqual({ app: 'checkout', version: 'v1' });
});

test('each version has a circuit breaker, which ejects at most half of its endpoints', () => {
  const { subsets, ...spec } = specOf('checkout_v2_destination_rule');
  const outlierDetection = {
    consecutive5xxErrors: 5,
    interval: '10s',
    baseEjectionTime: '30s',
    maxEjectionPercent: 50,
  };
  expect(spec).toEqual({
    host: 'checkout-v2.purchasing.svc.cluster.local',
    trafficPolicy: {
      tls: { mode: 'ISTIO_MUTUAL' },
      connectionPool: {
        tcp: { maxConnections: 100, connectTimeout: '1s' },
        http: { http1MaxPendingRequests: 50, http2MaxRequests: 200, maxRetries: 40, idleTimeout: '300s' },
      },
      outlierDetection,
    },
  });
  // The pool of requests with a body: half of everything.
  expect(subsets).toEqual([
    {
      name: 'bodies',
      labels: { version: 'v2' },
      trafficPolicy: {
        tls: { mode: 'ISTIO_MUTUAL' },
        connectionPool: {
          tcp: { maxConnections: 50, connectTimeout: '1s' },
          http: { http1MaxPendingRequests: 25, http2MaxRequests: 50, maxRetries: 10, idleTimeout: '300s' },
        },
        outlierDetection,
      },
    },
  ]);
});

test('pods are hardened and shut down gracefully', () => {
  for (const [address, { kind, spec }] of objects) {
    if (kind !== 'Deployment' || address.includes('gateway')) continue;
    const pod = spec.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.replicas).toBeUndefined();
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(
      pod.containers[0].lifecycle.preStop.sleep.seconds,
    );
    expect(JSON.parse(spec.template.metadata.annotations['proxy.istio.io/config'])).toMatchObject({
      holdApplicationUntilProxyStarts: true,
    });
  }
});

test('pods have the canonical labels of service and version', () => {
  expect(specOf('checkout_v2_deployment').template.metadata.labels).toMatchObject({
    'service.istio.io/canonical-name': 'checkout',
    'service.istio.io/canonical-revision': 'v2',
  });
});

test('only services that list a secret mount it', () => {
  expect(specOf('payment_secrets_provider_class').parameters.secrets).toBe(
    ['payment-gateway-api-key', 'payment-gateway-webhook-key']
      .map(
        (name) =>
          `- resourceName: projects/shop-prod-example/secrets/${name}/versions/latest\n  path: ${name}\n`,
      )
      .join(''),
  );
  const mounted = [...objects].filter(
    ([, { kind, spec }]) =>
      kind === 'Deployment' && spec.template.spec.volumes?.some((volume: any) => volume.name === 'secrets'),
  );
  expect(mounted.map(([address]) => address)).toEqual(['payment_v1_deployment']);
});

test('the sample container in dev calls the back ends that the catalogue allows it to GET', () => {
  const env = objectsOf(dev).get('checkout_v2_deployment')?.spec.template.spec.containers[0].env;

  expect(env.find(({ name }: any) => name === 'UPSTREAM_URIS').value).toBe(
    'http://cart.purchasing.svc.cluster.local/carts/sample,http://payment.payments.svc.cluster.local/payments',
  );
  expect(
    specOf('checkout_v2_deployment').template.spec.containers[0].env.map(({ name }: any) => name),
  ).not.toContain('UPSTREAM_URIS');
});

test('calls to the payment gateway go through the egress gateway, which verifies its certificate', () => {
  const [, inner, outer] = specOf('egress_gateway_payment_gateway_virtual_service').http;
  expect(inner.route[0].destination).toEqual({
    host: 'egress-gateway.egress-gateway.svc.cluster.local',
    port: { number: 443 },
  });
  expect(outer.route[0].destination).toEqual({ host: 'api.payment-gateway.example', port: { number: 80 } });

  const [settings] = specOf('egress_gateway_payment_gateway_destination_rule').trafficPolicy
    .portLevelSettings;
  expect(settings.tls).toEqual({
    mode: 'SIMPLE',
    sni: 'api.payment-gateway.example',
    subjectAltNames: ['api.payment-gateway.example'],
    caCertificates: '/etc/ssl/certs/ca-certificates.crt',
  });
});

test("the payment gateway's real port is not in the registry, so TLS cannot bypass the egress gateway", () => {
  expect(specOf('egress_gateway_payment_gateway_service_entry').ports).toEqual([
    { name: 'http', number: 80, protocol: 'HTTP', targetPort: 443 },
  ]);
});

test('Istio objects use API versions that the managed control plane supports', () => {
  const versions = new Set(
    [...objects.values()]
      .map(({ apiVersion }) => apiVersion)
      .filter((version) => version.includes('istio.io')),
  );
  expect([...versions].sort()).toEqual(['networking.istio.io/v1beta1', 'security.istio.io/v1beta1']);
});
