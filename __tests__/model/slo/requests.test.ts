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

test('a version is selected by the Service that was called, so that it counts without endpoints too', () => {
  expect(totalSelector(versionRequests(checkout, 'v2'))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name="checkout-v2"}',
  );
  expect(failedSelector(versionRequests(checkout, 'v2'))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name="checkout-v2",response_code=~"5.."}',
  );
});

test('a service includes all of its hosts, also that of a canary that does not run', () => {
  expect(totalSelector(serviceRequests(checkout))).toContain(
    'destination_service_name=~"checkout|checkout-v1|checkout-v2"',
  );
  expect(totalSelector(serviceRequests(cart))).toContain('destination_service_name=~"cart|cart-v1"');
});

test('an edge includes requests of one caller only', () => {
  expect(latencySelector(edgeRequests(checkout, cart))).toBe(
    'istio_io:service_client_roundtrip_latencies_bucket{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",destination_service_name=~"cart|cart-v1",source_canonical_service_namespace="purchasing",source_canonical_service_name="checkout",response_code!~"5.."}',
  );
});

test('external client requests come through the ingress gateway, to services of any namespace', () => {
  expect(totalSelector(externalClientRequests([cart, catalog]))).toBe(
    'istio_io:service_client_request_count{monitored_resource="istio_canonical_service",destination_service_namespace=~"purchasing|storefront",destination_service_name=~"cart|cart-v1|catalog|catalog-v1",source_canonical_service_namespace="ingress-gateway",source_canonical_service_name="ingress-gateway"}',
  );
});

test('Cloud Monitoring filters select the same requests', () => {
  expect(monitoringFilter('request_count', versionRequests(cart, 'v1'), 'successful')).toBe(
    'metric.type="istio.io/service/client/request_count" AND resource.type="istio_canonical_service" AND metric.labels.destination_service_namespace="purchasing" AND metric.labels.destination_service_name="cart-v1" AND metric.labels.response_code<500',
  );
  expect(monitoringFilter('roundtrip_latencies', serviceRequests(cart), 'total')).toContain(
    'metric.labels.destination_service_name=one_of("cart","cart-v1")',
  );
});
