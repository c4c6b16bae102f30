import { aCatalogue, edited } from '../support/catalogue-fixture';
import { environmentNamed } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

type Direction = 'EGRESS' | 'INGRESS';

function rulesOf(
  stack: string,
  environment = environmentNamed('prod'),
  direction: Direction = 'EGRESS',
): any[] {
  const json = synthEnvironment(environment).get(stack);
  const rules = Object.values(json?.resource?.['google_compute_network_firewall_policy_rule'] ?? {});
  return rules.filter((rule) => rule.direction === direction).sort((a, b) => a.priority - b.priority);
}

test('egress is allowed to own ranges, Google APIs and the third parties of the catalogue only', () => {
  const rules = rulesOf('prod-network').map(({ action, match }) => [
    action,
    match.dest_fqdns ?? match.dest_ip_ranges,
  ]);

  expect(rules).toEqual([
    ['allow', ['10.30.0.0/20', '10.32.0.0/16', '10.31.0.0/20']],
    ['allow', ['199.36.153.8/30']],
    ['allow', ['api.payment-gateway.example']],
    ['deny', ['0.0.0.0/0']],
  ]);
});

test('ingress is denied except from own ranges, and denials are logged', () => {
  const rules = rulesOf('prod-network', environmentNamed('prod'), 'INGRESS');

  expect(
    rules.map(({ action, match, enable_logging: log }) => [action, match.src_ip_ranges, log ?? false]),
  ).toEqual([
    ['allow', ['10.30.0.0/20', '10.32.0.0/16', '10.31.0.0/20'], false],
    ['deny', ['0.0.0.0/0'], true],
  ]);
});

test('a third party is allowed at its port only, and denials are logged', () => {
  const [, , external, denial] = rulesOf('prod-network');

  expect(external.match.layer4_configs).toEqual([{ ip_protocol: 'tcp', ports: ['443'] }]);
  expect(denial).toMatchObject({ enable_logging: true, match: { layer4_configs: [{ ip_protocol: 'all' }] } });
});

test("addresses of an issuer outside of Google are allowed by the environment's jwksCidrs", () => {
  const [environment] = aCatalogue(
    edited(
      'environments/test.yaml',
      'jwksUri: https://www.googleapis.com/keys',
      'jwksUri: https://idp.example/keys\n  jwksCidrs: [203.0.113.7/32]',
    ),
  ).environments;

  const allowed = rulesOf('test-network', environment).filter(
    ({ rule_name: name }) => name === 'allow-token-keys',
  );
  expect(allowed.map(({ match }) => match.dest_ip_ranges)).toEqual([['203.0.113.7/32']]);
});

test('the policy is associated with the network after all of its rules exist', () => {
  const network = synthEnvironment(environmentNamed('prod')).get('prod-network');
  const [association] = Object.values(
    network?.resource?.['google_compute_network_firewall_policy_association'] ?? {},
  );

  const rules = Object.keys(network?.resource?.['google_compute_network_firewall_policy_rule'] ?? {});

  expect(rules).toHaveLength(6);
  expect(association.depends_on.sort()).toEqual(
    rules.map((name) => `google_compute_network_firewall_policy_rule.${name}`).sort(),
  );
});
