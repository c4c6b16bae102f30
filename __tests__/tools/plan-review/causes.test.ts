import { reviewOf } from '../../support/plans';

/** Each test reads a plan of half a megabyte. */
jest.setTimeout(60_000);

/** Every cause in the table of docs/review.md, each in a plan made by the real providers. */
const CAUSES: readonly [flag: string, cause: string, scenario: string, message: RegExp, location: RegExp][] =
  [
    ['stateful-destroyed', 'database', 'database-replaced', /destroyed/, /alloydb_cluster/],
    ['stateful-destroyed', 'key ring', 'stacks-emptied', /destroyed/, /google_kms_key_ring\./],
    ['stateful-destroyed', 'key', 'stacks-emptied', /destroyed/, /google_kms_crypto_key\./],
    ['stateful-destroyed', 'secret', 'stacks-emptied', /destroyed/, /google_secret_manager_secret\./],
    ['stateful-destroyed', 'cluster', 'stacks-emptied', /destroyed/, /google_container_cluster\./],
    ['stateful-destroyed', 'bucket', 'stacks-emptied', /destroyed/, /google_storage_bucket\./],
    ['stateful-destroyed', 'address', 'stacks-emptied', /destroyed/, /google_compute_address\./],
    ['stateful-destroyed', 'zone', 'stacks-emptied', /destroyed/, /google_dns_managed_zone\./],
    ['stateful-destroyed', 'network', 'stacks-emptied', /destroyed/, /google_compute_network\./],
    ['stateful-destroyed', 'namespace', 'gateway-removed', /destroyed/, /canary_namespace/],
    ['public-exposure', 'new route', 'weakened', /new route GET \/carts/, /cart/],
    ['public-exposure', 'token', 'token-removed', /no longer needs an end-user token/, /cart/],
    ['public-exposure', 'open firewall', 'publicly-exposed', /any source address/, /firewall/],
    ['public-exposure', 'allUsers', 'publicly-exposed', /allUsers/, /everybody/],
    ['public-exposure', 'public address', 'protection-off', /public IP address/, /reports/],
    ['default-deny-removed', 'L7', 'weakened', /L7 default deny .* removed/, /storefront/],
    ['default-deny-removed', 'L3/L4', 'loosened', /L3\/L4 default deny .* removed/, /storefront/],
    ['mtls-weakened', 'mutual TLS', 'weakened', /mutual TLS STRICT → PERMISSIVE/, /mesh/],
    ['mtls-weakened', 'client TLS', 'loosened', /client TLS ISTIO_MUTUAL → DISABLE/, /cart/],
    ['mtls-weakened', 'listener', 'loosened', /TLSV1_2 → TLSV1_0/, /ingress-gateway/],
    [
      'authorization-widened',
      'caller',
      'weakened',
      /frontend.* may now send POST \/orders/,
      /order-management/,
    ],
    ['authorization-widened', 'method', 'loosened', /may now send POST \/carts/, /cart/],
    ['authorization-widened', 'path', 'loosened', /may now send GET \/archive/, /cart/],
    ['authorization-widened', 'third party', 'loosened', /tax-service/, /egress-gateway/],
    ['iam-granted', 'at Google', 'protection-off', /objectViewer to group:analysts/, /analysts/],
    ['iam-granted', 'in the cluster', 'weakened', /role shop-operator/, /someone/],
    ['iam-granted', 'additional verb', 'loosened', /delete services/, /roles_operator/],
    ['traffic-interrupted', 'Deployment', 'renamed-without-move', /Deployment destroyed/, /cart/],
    ['traffic-interrupted', 'Service', 'renamed-without-move', /Service destroyed/, /cart/],
    ['traffic-interrupted', 'route', 'renamed-without-move', /VirtualService destroyed/, /cart/],
    ['traffic-interrupted', 'account', 'renamed-without-move', /ServiceAccount destroyed/, /cart/],
    ['traffic-interrupted', 'gateway', 'gateway-removed', /Gateway destroyed/, /gateway/],
    ['slo-lowered', 'target', 'weakened', /SLO target 99.9 % → 99.5 %/, /cart/],
    ['slo-lowered', 'threshold', 'weakened', /256 ms → 512 ms/, /cart/],
    ['slo-lowered', 'alert', 'loosened', /alert .* on → none/, /cart/],
    ['slo-lowered', 'channel', 'loosened', /notification channels of .* 1 → 0/, /cart/],
    ['notification-removed', 'last channel of an alert', 'loosened', /none left/, /cart/],
    ['notification-removed', 'channel', 'settings-weakened', /channel ticket removed/, /notifications/],
    ['notification-moved', 'channel', 'settings-weakened', /channel page → channel other/, /notifications/],
    ['upgrades-loosened', 'release channel', 'settings-weakened', /STABLE → RAPID/, /cluster/],
    ['upgrades-loosened', 'exclusion', 'settings-weakened', /exclusions .* removed .*holidays/, /cluster/],
    ['capacity-reduced', 'nodes', 'settings-weakened', /most nodes a zone .* 2 → 1/, /cluster/],
    ['evidence-reduced', 'logs', 'settings-weakened', /logs of the NAT .* true → false/, /network/],
    ['protection-off', 'deletion protection', 'database-replaced', /deletion_protection true → false/, /./],
    ['protection-off', 'retention lock', 'protection-off', /is_locked true → false/, /archive/],
    ['protection-off', 'admission policy', 'weakened', /ValidatingAdmissionPolicy/, /weight_cap/],
    ['limits-loosened', 'timeout', 'weakened', /timeout 800 ms → 900 ms/, /cart/],
    ['limits-loosened', 'retries', 'loosened', /retries 0 → 2/, /order-management/],
    ['limits-loosened', 'circuit breaker', 'weakened', /connections 100 → 300/, /cart/],
  ];

test.each(CAUSES)('%s is raised by: %s (%s)', async (flag, _, scenario, message, location) => {
  const { findings = [] } = (await reviewOf(scenario)).flags.find(({ id }) => id === flag) ?? {};

  expect(findings.filter((one) => message.test(one.message) && location.test(one.location))).not.toEqual([]);
});

test('restoring the protection raises no flag', async () => {
  expect((await reviewOf('protection-on')).flags).toEqual([]);
});
