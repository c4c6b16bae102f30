import { burnAlert } from '../../model/burn-rate';
import { availabilityBurnQuery, latencyBurnQuery } from '../../model/queries';

const checkout = { name: 'checkout', namespace: 'purchasing' };

test('a strict target pages after an hour at 13.44 times the budget', () => {
  expect(burnAlert(99.9, 28)).toMatchObject({
    severity: 'page',
    factor: 13.44,
    badRatio: 0.01344,
    longMinutes: 60,
    shortMinutes: 5,
  });
});

test("over 30 days the factor is the workbook's 14.4", () => {
  expect(burnAlert(99.9, 30).factor).toBe(14.4);
});

test('a lenient target takes the next window, because the first would wait for 67 % bad requests', () => {
  expect(burnAlert(95, 28)).toMatchObject({
    severity: 'page',
    factor: 5.6,
    badRatio: 0.28,
    longMinutes: 360,
  });
});

test('a very lenient target is a ticket', () => {
  expect(burnAlert(70, 28)).toMatchObject({ severity: 'ticket', badRatio: 0.28 });
});

test('fails when no alert can fire', () => {
  expect(() => burnAlert(40, 28)).toThrow(
    'target 40 % over 28 days: no burn-rate alert can fire, raise the target',
  );
});

test('availability asks for the share of 5xx in both windows', () => {
  expect(availabilityBurnQuery(checkout, burnAlert(99.9, 28))).toBe(
    '(sum(rate(istio_io:service_server_request_count{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout",response_code=~"5.."}[1h])) / sum(rate(istio_io:service_server_request_count{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout"}[1h])) > 0.01344)\nand\n(sum(rate(istio_io:service_server_request_count{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout",response_code=~"5.."}[5m])) / sum(rate(istio_io:service_server_request_count{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout"}[5m])) > 0.01344)',
  );
});

test('latency asks for the quantile that the share leaves, in both windows', () => {
  expect(latencyBurnQuery(checkout, 300, burnAlert(95, 28))).toBe(
    '(histogram_quantile(0.72, sum by (le) (rate(istio_io:service_server_response_latencies_bucket{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout"}[6h]))) > 300)\nand\n(histogram_quantile(0.72, sum by (le) (rate(istio_io:service_server_response_latencies_bucket{monitored_resource="istio_canonical_service",destination_canonical_service_namespace="purchasing",destination_canonical_service_name="checkout"}[30m]))) > 300)',
  );
});
