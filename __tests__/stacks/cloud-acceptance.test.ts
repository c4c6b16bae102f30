/** Configurations that Terraform validates and plans, and that a real project or its first apply refuses. */
import { environmentNamed } from '../support/catalogues';
import { objectsOfKind, synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const stacks = [...synthEnvironment(prod).values()];

function resources(type: string): any[] {
  return stacks.flatMap((stack) => Object.values(stack.resource?.[type] ?? {}));
}

test('no NetworkPolicy has an empty list of rules, which the API server stores as null', () => {
  const policies = stacks.flatMap((stack) => objectsOfKind(stack, 'NetworkPolicy'));

  expect(policies.length).toBeGreaterThan(20);
  for (const { spec } of policies) {
    expect(spec.ingress).not.toEqual([]);
    expect(spec.egress).not.toEqual([]);
  }
});

test('the Binary Authorization policy names its attestor by a value that the first plan knows', () => {
  const [policy] = resources('google_binary_authorization_policy');

  expect(policy.default_admission_rule.require_attestations_by).toEqual([
    `projects/${prod.project.id}/attestors/pipeline`,
  ]);
  expect(policy.depends_on).toEqual([expect.stringMatching(/^google_binary_authorization_attestor\./)]);
});

test('images below gke.gcr.io are allowed, with their subdirectories', () => {
  const [policy] = resources('google_binary_authorization_policy');
  const patterns = policy.admission_whitelist_patterns.map(({ name_pattern: pattern }: any) => pattern);

  expect(patterns).toContain('gke.gcr.io/**');
  expect(patterns).not.toContain('gke.gcr.io/*');
});

test('alert rules are valid Prometheus label names', () => {
  const rules = resources('google_monitoring_alert_policy').flatMap(({ conditions }) =>
    conditions.flatMap(({ condition_prometheus_query_language: promql }: any) => promql?.alert_rule ?? []),
  );

  expect(rules.length).toBeGreaterThan(40);
  for (const rule of rules) expect(rule).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
});

test('the cluster does not request the vulnerability scanning that Google shut down', () => {
  const [cluster] = resources('google_container_cluster');

  expect(cluster.security_posture_config.vulnerability_mode).toBe('VULNERABILITY_DISABLED');
});

test('Service Directory is enabled, where endpoints of Private Service Connect are registered', () => {
  expect(resources('google_compute_forwarding_rule').length).toBeGreaterThan(0);
  expect(resources('google_project_service').map(({ service }) => service)).toContain(
    'servicedirectory.googleapis.com',
  );
});

test('no alert waits for a log-based metric, or filters by a resource type of Cloud Logging only', () => {
  const thresholds = resources('google_monitoring_alert_policy').flatMap(({ conditions }) =>
    conditions.flatMap(({ condition_threshold: threshold }: any) => threshold?.filter ?? []),
  );

  for (const filter of thresholds) {
    expect(filter).not.toContain('logging.googleapis.com/user/');
    expect(filter).not.toMatch(/resource.type="(iam_role|audited_resource)"/);
  }
});

test("Kiali's chart creates no NetworkPolicy of its own, and its pod passes the restricted standard", () => {
  const [release] = resources('helm_release');
  const { deployment } = JSON.parse(release.values[0]);

  expect(deployment.network_policy).toEqual({ enabled: false });
  expect(deployment.security_context).toMatchObject({
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('the account that applies may edit admission policies, before the first one is created', () => {
  const objects = stacks.flatMap((stack) => Object.values(stack.resource?.['kubernetes_manifest'] ?? {}));
  const role = objects.find(
    ({ manifest }) => manifest.kind === 'ClusterRole' && manifest.metadata.name === 'shop-apply',
  );
  const policies = objects.filter(({ manifest }) => manifest.kind === 'ValidatingAdmissionPolicy');

  expect(role.manifest.rules).toEqual([
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
      verbs: expect.arrayContaining(['create', 'patch', 'delete']),
    },
  ]);
  expect(policies.length).toBeGreaterThan(0);
  for (const { depends_on: dependencies } of policies)
    expect(dependencies).toEqual([expect.stringMatching(/policy_editor_binding$/)]);
});
