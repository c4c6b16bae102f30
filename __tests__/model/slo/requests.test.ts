import {
  failedSelector,
  edgeRequests,
  latencySelector,
  monitoringFilter,
  externalClientRequests,
  serviceRequests,
  totalSelector,
  versionRequests,
} from '../../../model/slo/requests';

const checkout = { name: 'checkout', namespace: 'purchasing', canaryPolicy: { version: 'v2' } };
const cart = { name: 'cart', namespace: 'purchasing', canaryPolicy: undefined };
const catalog = { name: 'catalog', namespace: 'storefront', canaryPolicy: undefined };

test('a version is told by the Service that was called, since one without endpoints has no pods to be named by', () => {
  expect(totalSelector(versionRequests(checkout, 'v2'))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name="checkout-v2"}',
  );
  expect(failedSelector(versionRequests(checkout, 'v2'))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name="checkout-v2",response_code=~"5.."}',
  );
});

test('a service is all of its hosts, those of a canary that does not run included', () => {
  expect(totalSelector(serviceRequests(checkout))).toContain(
    'destination_service_name=~"checkout|checkout-v1|checkout-v2"',
  );
  expect(totalSelector(serviceRequests(cart))).toContain('destination_service_name=~"cart|cart-v1"');
});

test('an edge is what one caller sees of its callee', () => {
  expect(latencySelector(edgeRequests(checkout, cart))).toBe(
    'istio_io:service_client_roundtrip_latencies_bucket{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name=~"cart|cart-v1",source_canonical_service_namespace="purchasing",source_canonical_service_name="checkout",response_code!~"5.."}',
  );
});

test('the public is what comes through the ingress gateway, to services of any namespace', () => {
  expect(totalSelector(externalClientRequests([cart, catalog]))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace=~"purchasing|storefront",destination_service_name=~"cart|cart-v1|catalog|catalog-v1",source_canonical_service_namespace="ingress-gateway",source_canonical_service_name="ingress-gateway"}',
  );
});

test("Cloud Monitoring's budget counts the same requests", () => {
  expect(monitoringFilter('request_count', versionRequests(cart, 'v1'), 'successful')).toBe(
    'metric.type="istio.io/service/client/request_count" AND resource.type="istio_canonical_service" AND metric.labels.destination_service_namespace="purchasing" AND metric.labels.destination_service_name="cart-v1" AND metric.labels.response_code<500',
  );
  expect(monitoringFilter('roundtrip_latencies', serviceRequests(cart), 'total')).toContain(
    'metric.labels.destination_service_name=one_of("cart","cart-v1")',
  );
});
