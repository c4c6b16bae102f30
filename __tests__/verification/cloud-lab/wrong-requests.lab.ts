/** Every wrong request is refused, for the right reason and with its source; the same request without the error is accepted. */
import { Discovery } from '../../../verification/cloud-lab/discovery/discovery';
import { labTools } from '../../../verification/toolchain/lab-tools';
import { testCloud, type TestCloud } from './cloud';
import { PROJECT, VALID, type Request } from './valid-requests';

type Name = keyof typeof VALID;
type Case = readonly [
  what: string,
  base: Name,
  change: (request: any) => void,
  message: RegExp,
  source: RegExp,
];

const body = (change: (body: any) => void) => (request: any) => change(request.body);
const condition = (change: (condition: any) => void) => body((policy) => change(policy.conditions[0]));
const promql = (change: (query: any) => void) =>
  condition((first) => change(first.conditionPrometheusQueryLanguage));
const threshold = (change: (threshold: any) => void) =>
  condition((first) => change(first.conditionThreshold));
const target = (from: string, to: string) => (request: any) =>
  (request.target = request.target.replace(from, to));
const binding = (change: (binding: any) => void) => body(({ policy }) => change(policy.bindings[0]));

const CASES: readonly Case[] = [
  // Schema
  ['a method that does not exist', 'network', target('/networks', '/nets'), /no method/, /discovery/],
  ['a wrong HTTP verb', 'topic', (request) => (request.verb = 'POST'), /no method/, /discovery/],
  [
    'an unknown query parameter',
    'secret',
    target('secretId', 'secretName'),
    /unknown query parameter/,
    /secretmanager\.v1#/,
  ],
  [
    'a missing query parameter',
    'database',
    target('?clusterId=orders', ''),
    /required query parameter/,
    /alloydb\.v1#/,
  ],
  [
    'an unknown field',
    'network',
    body((network) => (network.mtuSize = 1_460)),
    /mtuSize: unknown field/,
    /compute\.v1#Network/,
  ],
  [
    'an unknown nested field',
    'promqlAlert',
    promql((query) => (query.interval = '60s')),
    /interval: unknown field/,
    /monitoring\.v3#AlertPolicy/,
  ],
  [
    'a wrong enum',
    'promqlAlert',
    body((policy) => (policy.combiner = 'XOR')),
    /'XOR' is not one of/,
    /monitoring\.v3#/,
  ],
  [
    'an enum in lower case',
    'key',
    body((key) => (key.purpose = 'encrypt_decrypt')),
    /is not one of/,
    /cloudkms\.v1#/,
  ],
  [
    'text instead of a number',
    'subnetwork',
    body((subnet) => (subnet.logConfig = { flowSampling: 'often' })),
    /must be a number/,
    /compute\.v1#/,
  ],
  [
    'text instead of a boolean',
    'network',
    body((network) => (network.autoCreateSubnetworks = 'no')),
    /must be a boolean/,
    /compute\.v1#/,
  ],
  [
    'an object instead of a list',
    'promqlAlert',
    body((policy) => (policy.conditions = {})),
    /must be a list/,
    /monitoring\.v3#/,
  ],
  [
    'a list instead of an object',
    'feature',
    body((feature) => (feature.membershipSpecs = [])),
    /must be an object/,
    /gkehub\.v1#/,
  ],
  [
    'a duration without its unit',
    'promqlAlert',
    promql((query) => (query.duration = '60')),
    /is not google-duration/,
    /monitoring\.v3#/,
  ],
  [
    'a duration in minutes',
    'key',
    body((key) => (key.rotationPeriod = '90d')),
    /is not google-duration/,
    /cloudkms\.v1#/,
  ],
  [
    'a date without a time',
    'secret',
    body(({ rotation }) => (rotation.nextRotationTime = '2030-01-01')),
    /is not google-datetime/,
    /secretmanager\.v1#/,
  ],
  [
    'a number that is too large',
    'firewallRule',
    body((rule) => (rule.priority = 3_000_000_000)),
    /is not int32/,
    /compute\.v1#/,
  ],
  [
    'a fraction instead of an integer',
    'subscription',
    body((one) => (one.ackDeadlineSeconds = 10.5)),
    /is not int32/,
    /pubsub\.v1#/,
  ],
  [
    'a name that breaks its pattern',
    'router',
    body((router) => (router.name = 'Router')),
    /does not match/,
    /compute\.v1#/,
  ],
  [
    'a value that Google shut down',
    'cluster',
    body(({ cluster }) => (cluster.securityPostureConfig.vulnerabilityMode = 'VULNERABILITY_BASIC')),
    /no longer supported/i,
    /container\.v1#/,
  ],
  [
    'a label in upper case',
    'promqlAlert',
    body((policy) => (policy.userLabels = { Severity: 'page' })),
    /not a valid label key/,
    /monitoring\.v3#/,
  ],
  [
    'a label with a space',
    'secret',
    body((secret) => (secret.labels = { owner: 'team one' })),
    /not a valid label value/,
    /secretmanager\.v1#/,
  ],
  // Names
  [
    'a name that exists',
    'network',
    (request) => (request.body.name = 'taken'),
    /already exists/,
    /google\.aip\.dev\/133/,
  ],
  [
    'an account id that is too short',
    'account',
    body((account) => (account.accountId = 'gke')),
    /6 to 30/,
    /iam\.v1#CreateServiceAccountRequest/,
  ],
  [
    'a description that is too long',
    'account',
    body(({ serviceAccount }) => (serviceAccount.description = 'x'.repeat(257))),
    /256 bytes/,
    /iam\.v1#ServiceAccount/,
  ],
  [
    'a key name with a dot',
    'key',
    target('cryptoKeyId=data', 'cryptoKeyId=da.ta'),
    /does not match/,
    /kms\/docs/,
  ],
  [
    'a topic name of Google',
    'topic',
    target('topics/rotation', 'topics/google-x'),
    /does not match/,
    /pubsub\/docs/,
  ],
  [
    'a trigger name in upper case',
    'trigger',
    target('triggerId=rollback', 'triggerId=Rollback'),
    /does not match/,
    /eventarc\.v1/,
  ],
  [
    'a log bucket of a deleted name',
    'logBucket',
    target('evidence', 'deleted'),
    /already exists|ACTIVE/,
    /buckets|aip/,
  ],
  // Networks
  [
    'a subnetwork of a missing network',
    'subnetwork',
    body((subnet) => (subnet.network = `${PROJECT}/global/networks/none`)),
    /was not found/,
    /compute\.v1#Subnetwork/,
  ],
  [
    'overlapping ranges',
    'subnetwork',
    body((subnet) => (subnet.secondaryIpRanges[0].ipCidrRange = '10.10.8.0/24')),
    /overlap/,
    /vpc\/docs\/subnets/,
  ],
  [
    'an address outside of its subnetwork',
    'address',
    body((address) => (address.address = '10.99.0.1')),
    /is not in subnetwork/,
    /vpc\/docs/,
  ],
  [
    'manual NAT without addresses',
    'router',
    body(({ nats }) => (nats[0].natIpAllocateOption = 'MANUAL_ONLY')),
    /needs natIps/,
    /compute\.v1#RouterNat/,
  ],
  [
    'dynamic ports with endpoint-independent mapping',
    'router',
    body(({ nats }) =>
      Object.assign(nats[0], { enableDynamicPortAllocation: true, enableEndpointIndependentMapping: true }),
    ),
    /cannot be used with/,
    /nat\/docs/,
  ],
  [
    'a web policy without a default rule',
    'securityPolicy',
    body((policy) => policy.rules.pop()),
    /default rule/,
    /compute\.v1#SecurityPolicy/,
  ],
  [
    'two rules of one priority',
    'securityPolicy',
    body((policy) => policy.rules.push({ ...policy.rules[0] })),
    /same priority/,
    /compute\.v1#SecurityPolicy/,
  ],
  [
    'an expression that is too long',
    'securityPolicy',
    body(({ rules }) => (rules[0].match.expr.expression = 'x'.repeat(2_049))),
    /2,048/,
    /armor\/quotas/,
  ],
  [
    'a throttle without a rate',
    'securityPolicy',
    body(({ rules }) => (rules[0].action = 'throttle')),
    /needs rateLimitOptions/,
    /compute\.v1#SecurityPolicyRule/,
  ],
  [
    'domain names in an ingress rule',
    'firewallRule',
    body((rule) =>
      Object.assign(rule, {
        direction: 'INGRESS',
        match: { destFqdns: ['a.example'], layer4Configs: [{ ipProtocol: 'tcp' }] },
      }),
    ),
    /for egress rules/,
    /firewall\/docs/,
  ],
  [
    'an association with a missing network',
    'firewallRule',
    (request) =>
      Object.assign(request, {
        target: request.target.replace('addRule', 'addAssociation'),
        body: { name: 'a', attachmentTarget: `${PROJECT}/global/networks/none` },
      }),
    /was not found/,
    /aip/,
  ],
  // DNS and certificates
  [
    'a zone without its final dot',
    'zone',
    body((zone) => (zone.dnsName = 'shop.example')),
    /dnsName/,
    /dns\.v1#ManagedZone/,
  ],
  [
    'query logging of a private zone',
    'zone',
    body((zone) =>
      Object.assign(zone, { visibility: 'private', cloudLoggingConfig: { enableLogging: true } }),
    ),
    /public zones/,
    /dns\/docs/,
  ],
  [
    'a record outside of its zone',
    'record',
    body(({ additions }) => (additions[0].name = 'www.other.example.')),
    /is not in/,
    /dns\/docs/,
  ],
  [
    'an A record with a name',
    'record',
    body(({ additions }) => (additions[0].rrdatas = ['host.example.'])),
    /IPv4/,
    /dns\.v1#ResourceRecordSet/,
  ],
  [
    'a CNAME beside other records',
    'record',
    body(({ additions }) =>
      additions.push({ name: 'www.shop.example.', type: 'CNAME', ttl: 1, rrdatas: ['a.'] }),
    ),
    /CNAME excludes/,
    /dns\/docs/,
  ],
  [
    'a certificate with a missing authorization',
    'certificate',
    body(
      ({ managed }) => (managed.dnsAuthorizations = [`${PROJECT}/locations/global/dnsAuthorizations/none`]),
    ),
    /was not found/,
    /certificatemanager\.v1#/,
  ],
  [
    'an authorization of a wildcard',
    'authorization',
    body((one) => (one.domain = '*.shop.example')),
    /wildcard/,
    /certificatemanager\.v1#/,
  ],
  // Keys, accounts and grants
  [
    'rotation of a signing key',
    'key',
    body((key) => (key.purpose = 'ASYMMETRIC_SIGN')),
    /only symmetric/,
    /cloudkms\.v1#CryptoKey/,
  ],
  [
    'rotation without a first time',
    'key',
    body((key) => delete key.nextRotationTime),
    /needs nextRotationTime/,
    /cloudkms\.v1#CryptoKey/,
  ],
  [
    'destruction after one hour',
    'key',
    body((key) => (key.destroyScheduledDuration = '3600s')),
    /24 hours/,
    /kms\/docs/,
  ],
  ['a key ring that does not exist', 'key', target('keyRings/ring', 'keyRings/none'), /was not found/, /aip/],
  [
    'a key that does not exist',
    'topic',
    body((topic) => (topic.kmsKeyName = topic.kmsKeyName.replace('data', 'none'))),
    /does not exist/,
    /kms\/docs\/cmek/,
  ],
  [
    "a key that the product's agent cannot use",
    'subscription',
    (request) =>
      Object.assign(request, {
        host: 'workflows.googleapis.com',
        verb: 'POST',
        target: VALID.workflow.target.replace('rollback', 'other'),
        body: { ...VALID.workflow.body, cryptoKeyName: VALID.topic.body.kmsKeyName },
      }),
    /cannot use the key/,
    /kms\/docs\/cmek/,
  ],
  [
    'a key of another region',
    'database',
    target('locations/europe-west1', 'locations/us-east1'),
    /is not in us-east1/,
    /kms\/docs\/cmek/,
  ],
  [
    'a grant to an account that does not exist',
    'projectGrant',
    binding((one) => (one.members = ['serviceAccount:none@shop-test.iam.gserviceaccount.com'])),
    /does not exist/,
    /principal-identifiers/,
  ],
  [
    'a grant to something that is no member',
    'projectGrant',
    binding((one) => (one.members = ['gke-nodes'])),
    /Invalid member/,
    /principal-identifiers/,
  ],
  [
    'a grant of something that is no role',
    'projectGrant',
    binding((one) => (one.role = 'logging.logWriter')),
    /is not supported/,
    /roles-overview/,
  ],
  [
    'a condition in a policy of version 1',
    'projectGrant',
    binding((one) => (one.condition = { expression: 'true', title: 't' })),
    /version 3/,
    /iam\/docs\/policies/,
  ],
  [
    'a principal of a missing pool',
    'workloadGrant',
    binding((one) => (one.members = [one.members[0].replace('shop-test.svc', 'none.svc')])),
    /Identity Pool/,
    /workload-identity/,
  ],
  [
    'a stale etag',
    'projectGrant',
    body(({ policy }) => (policy.etag = 'BwOLD')),
    /concurrent policy changes/,
    /iam\/docs\/retry/,
  ],
  [
    'rotation notices to a topic without the grant',
    'secret',
    (request) =>
      Object.assign(request, { body: { ...request.body, topics: [{ name: `${PROJECT}/topics/silent` }] } }),
    /cannot publish/,
    /secret-manager\/docs/,
  ],
  [
    'rotation without a topic',
    'secret',
    body((secret) => delete secret.topics),
    /needs a topic/,
    /secretmanager\.v1#Secret/,
  ],
  [
    'a rotation in the past',
    'secret',
    body(({ rotation }) => (rotation.nextRotationTime = '2020-01-01T00:00:00Z')),
    /5 minutes/,
    /secretmanager\.v1#Rotation/,
  ],
  // Alerts
  [
    'an alert rule with a hyphen',
    'promqlAlert',
    promql((query) => (query.alertRule = 'availability-page')),
    /Prometheus label name/,
    /PrometheusQueryLanguageCondition\.alertRule/,
  ],
  [
    'an evaluation every 45 seconds',
    'promqlAlert',
    promql((query) => (query.evaluationInterval = '45s')),
    /multiple of 30/,
    /PrometheusQueryLanguageCondition/,
  ],
  [
    'an alert that closes after 10 minutes',
    'promqlAlert',
    body(({ alertStrategy }) => (alertStrategy.autoClose = '600s')),
    /30 minutes/,
    /monitoring\/alerts/,
  ],
  [
    'documentation that is too long',
    'promqlAlert',
    body(({ documentation }) => (documentation.content = 'x'.repeat(8_193))),
    /8192/,
    /Documentation\.content/,
  ],
  [
    'a missing notification channel',
    'promqlAlert',
    body((policy) => (policy.notificationChannels = [`${PROJECT}/notificationChannels/1`])),
    /was not found/,
    /notificationChannels/,
  ],
  [
    'an alert without a condition',
    'promqlAlert',
    body((policy) => (policy.conditions = [])),
    /1 to 6/,
    /AlertPolicy\.conditions/,
  ],
  [
    'a resource type of Cloud Logging only',
    'thresholdAlert',
    threshold((one) => (one.filter = one.filter.replace('k8s_container', 'iam_role'))),
    /unknown resource type/,
    /issues\/13349/,
  ],
  [
    'a filter without a resource type',
    'thresholdAlert',
    threshold((one) => (one.filter = one.filter.split(' AND ')[0])),
    /resource\.type/,
    /monitoring\/api/,
  ],
  [
    'a log-based metric that does not exist',
    'thresholdAlert',
    threshold((one) => (one.filter = one.filter.replace('denied', 'none'))),
    /Cannot find metric/,
    /issues\/11102/,
  ],
  [
    'an alignment of 30 seconds',
    'thresholdAlert',
    threshold((one) => (one.aggregations[0].alignmentPeriod = '30s')),
    /60 seconds/,
    /Aggregation\.alignmentPeriod/,
  ],
  [
    'a log-based alert without a rate limit',
    'logAlert',
    body((policy) => delete policy.alertStrategy),
    /needs notificationRateLimit/,
    /AlertStrategy/,
  ],
  [
    'an objective of 100 %',
    'objective',
    body((slo) => (slo.goal = 1)),
    /goal/,
    /ServiceLevelObjective\.goal/,
  ],
  [
    'a rolling period of 45 days',
    'objective',
    body((slo) => (slo.rollingPeriod = '3888000s')),
    /30 whole days/,
    /ServiceLevelObjective\.rollingPeriod/,
  ],
  [
    'a canonical service without its namespace',
    'service',
    body(({ basicService }) => delete basicService.serviceLabels.canonical_service_namespace),
    /lacks/,
    /BasicService/,
  ],
  // Others
  [
    'a mesh for a missing membership',
    'feature',
    body((feature) => (feature.membershipSpecs = { [`${PROJECT}/locations/global/memberships/none`]: {} })),
    /does not exist/,
    /gkehub\.v1#Feature/,
  ],
  [
    'an instance in a missing cluster',
    'databaseInstance',
    target('clusters/orders', 'clusters/none'),
    /was not found/,
    /aip/,
  ],
  [
    'a machine that does not exist',
    'databaseInstance',
    body(({ machineConfig }) => (machineConfig.cpuCount = 3)),
    /not a machine type/,
    /alloydb\/docs/,
  ],
  [
    'a zone of a regional instance',
    'databaseInstance',
    body((instance) => Object.assign(instance, { availabilityType: 'REGIONAL', gceZone: 'europe-west1-b' })),
    /zonal/,
    /alloydb\.v1#Instance/,
  ],
  [
    'an attestor without its note',
    'attestor',
    body(({ userOwnedGrafeasNote: note }) => (note.noteReference = `${PROJECT}/notes/none`)),
    /does not exist/,
    /binaryauthorization\.v1#/,
  ],
  [
    'an admission policy with a missing attestor',
    'admissionPolicy',
    body(({ defaultAdmissionRule: rule }) => (rule.requireAttestationsBy = [`${PROJECT}/attestors/none`])),
    /does not exist/,
    /binaryauthorization\.v1#/,
  ],
  [
    'a workflow variable that is too long',
    'workflow',
    body((workflow) => (workflow.userEnvVars = { A: 'x'.repeat(4_097) })),
    /4 KiB/,
    /Workflow\.userEnvVars/,
  ],
  [
    'a trigger for a missing workflow',
    'trigger',
    body(({ destination }) => (destination.workflow = destination.workflow.replace('rollback', 'none'))),
    /was not found/,
    /eventarc\.v1#/,
  ],
  [
    'a workflow of a missing account',
    'workflow',
    body((workflow) => (workflow.serviceAccount = workflow.serviceAccount.replace('gke-nodes', 'none'))),
    /does not exist/,
    /aip/,
  ],
  [
    'retention of 12 years',
    'logBucket',
    (request) =>
      Object.assign(request, {
        target: request.target.replace('evidence', 'long'),
        body: { retentionDays: 4_380 },
      }),
    /3,650/,
    /logging\/docs/,
  ],
  [
    'a sink into a missing bucket',
    'logSink',
    body((sink) => (sink.destination = sink.destination.replace('evidence', 'none'))),
    /was not found/,
    /LogSink\.destination/,
  ],
];

let discovery: Discovery;

beforeAll(async () => {
  discovery = new Discovery((await labTools(['discovery'], () => undefined))['discovery']!);
});

/** A project in which every request before the named one has been made. */
function cloudBefore(name: Name): TestCloud {
  const cloud = testCloud(discovery);
  cloud.send({ ...VALID.network, body: { name: 'taken' } });
  cloud.send({
    verb: 'PUT',
    host: 'pubsub.googleapis.com',
    target: `/v1/${PROJECT}/topics/silent`,
    body: {},
  });
  const deleted = VALID.logBucket.target.replace('evidence', 'deleted');
  cloud.send({ ...VALID.logBucket, target: deleted });
  cloud.send({
    ...VALID.logBucket,
    verb: 'DELETE',
    target: deleted.replace(':createAsync?bucketId=', '/'),
    body: undefined,
  });
  for (const [before, request] of Object.entries(VALID)) {
    if (before === name) break;
    cloud.send(request);
  }
  return cloud;
}

test('every valid request is accepted, in order', () => {
  const cloud = testCloud(discovery);
  const refused = Object.entries(VALID).flatMap(([name, request]) => {
    const { response, findings } = cloud.send(request);
    return response.status === 200 ? [] : [[name, findings]];
  });

  expect(refused).toEqual([]);
});

test('there are at least fifty wrong requests, each with another error', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(50);
  expect(new Set(CASES.map(([what]) => what)).size).toBe(CASES.length);
});

test.each(CASES)('refused: %s', (_, base, change, message, source) => {
  const cloud = cloudBefore(base);
  const wrong: Request = structuredClone(VALID[base]);
  change(wrong);

  const { response, findings } = cloud.send(wrong);

  expect(response.status).toBeGreaterThanOrEqual(400);
  const [refused] = findings.filter(({ severity }) => severity === 'refused');
  expect(refused?.message).toMatch(message);
  expect(refused?.source?.reference).toMatch(source);
  // The base alone is accepted in the same project.
  expect(cloud.send(VALID[base]).response.status).toBe(200);
});
