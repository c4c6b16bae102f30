import { reviewOf } from '../../support/plans';

/** A plan of the whole shop is half a megabyte, and several are read. */
jest.setTimeout(60_000);

/** What docs/review.md says that a flag is raised by, each in a plan made by the real providers. */
const CAUSES: readonly [flag: string, cause: string, scenario: string, finding: RegExp, where: RegExp][] = [
  ['stateful-destroyed', 'database', 'database-replaced', /destroyed/, /alloydb_cluster/],
  ['stateful-destroyed', 'key ring', 'emptied', /destroyed/, /google_kms_key_ring\./],
  ['stateful-destroyed', 'key', 'emptied', /destroyed/, /google_kms_crypto_key\./],
  ['stateful-destroyed', 'secret', 'emptied', /destroyed/, /google_secret_manager_secret\./],
  ['stateful-destroyed', 'cluster', 'emptied', /destroyed/, /google_container_cluster\./],
  ['stateful-destroyed', 'bucket', 'emptied', /destroyed/, /google_storage_bucket\./],
  ['stateful-destroyed', 'address', 'emptied', /destroyed/, /google_compute_address\./],
  ['stateful-destroyed', 'zone', 'emptied', /destroyed/, /google_dns_managed_zone\./],
  ['stateful-destroyed', 'network', 'emptied', /destroyed/, /google_compute_network\./],
  ['stateful-destroyed', 'namespace', 'ended', /destroyed/, /canary_namespace/],
  ['public-exposure', 'new route', 'weakened', /new route GET \/carts/, /cart/],
  ['public-exposure', 'new host', 'weakened', /new public host api/, /cart/],
  ['public-exposure', 'token', 'token-dropped', /no longer needs a token/, /cart/],
  ['public-exposure', 'open firewall', 'opened', /any address/, /firewall/],
  ['public-exposure', 'allUsers', 'opened', /allUsers/, /everybody/],
  ['public-exposure', 'public address', 'unguarded', /public address/, /reports/],
  ['default-deny-removed', 'of requests', 'weakened', /deny of requests/, /storefront/],
  ['default-deny-removed', 'of packets', 'loosened', /deny of packets/, /storefront/],
  ['mtls-weakened', 'mutual TLS', 'weakened', /mutual TLS STRICT → PERMISSIVE/, /mesh/],
  ['mtls-weakened', 'clients', 'loosened', /clients ISTIO_MUTUAL → DISABLE/, /cart/],
  ['mtls-weakened', 'a listener', 'loosened', /TLSV1_2 → TLSV1_0/, /ingress-gateway/],
  ['authorization-widened', 'caller', 'weakened', /frontend.* may send POST \/orders/, /order-management/],
  ['authorization-widened', 'method', 'loosened', /may send POST \/carts/, /cart/],
  ['authorization-widened', 'path', 'loosened', /may send GET \/archive/, /cart/],
  ['authorization-widened', 'third party', 'loosened', /tax-service/, /egress-gateway/],
  ['iam-granted', 'at Google', 'unguarded', /objectViewer to group:analysts/, /analysts/],
  ['iam-granted', 'in the cluster', 'weakened', /role shop-operator/, /someone/],
  ['iam-granted', 'a verb more', 'loosened', /delete services/, /roles_operator/],
  ['traffic-interrupted', 'Deployment', 'renamed-anew', /Deployment is/, /cart/],
  ['traffic-interrupted', 'Service', 'renamed-anew', /Service is/, /cart/],
  ['traffic-interrupted', 'route', 'renamed-anew', /VirtualService is/, /cart/],
  ['traffic-interrupted', 'account', 'renamed-anew', /ServiceAccount is/, /cart/],
  ['traffic-interrupted', 'gateway', 'ended', /Gateway is/, /gateway/],
  ['slo-lowered', 'goal', 'weakened', /objective 99.9 % → 99.5 %/, /cart/],
  ['slo-lowered', 'threshold', 'weakened', /200 ms → 400 ms/, /cart/],
  ['slo-lowered', 'alert', 'loosened', /alert .* on → none/, /cart/],
  ['slo-lowered', 'channel', 'loosened', /channels of .* 1 → 0/, /cart/],
  ['protection-off', 'deletion protection', 'database-replaced', /deletion_protection true → false/, /./],
  ['protection-off', 'a bucket’s lock', 'unguarded', /is_locked true → false/, /archive/],
  ['protection-off', 'admission policy', 'weakened', /ValidatingAdmissionPolicy/, /ceiling/],
  ['limits-loosened', 'timeout', 'weakened', /timeout 800 ms → 900 ms/, /cart/],
  ['limits-loosened', 'retries', 'loosened', /retries 0 → 2/, /order-management/],
  ['limits-loosened', 'breaker', 'weakened', /connections 100 → 300/, /cart/],
];

test.each(CAUSES)('%s is raised by: %s (%s)', async (flag, _, scenario, finding, where) => {
  const { findings = [] } = (await reviewOf(scenario)).flags.find(({ id }) => id === flag) ?? {};

  expect(findings.filter((one) => finding.test(one.what) && where.test(one.where))).not.toEqual([]);
});

test('nothing is raised by the same resources, put right again', async () => {
  expect((await reviewOf('guarded')).flags).toEqual([]);
});
