/** Requests that the cloud lab accepts, in an order in which each finds what it refers to. */
export interface Request {
  readonly verb: string;
  readonly host: string;
  readonly target: string;
  readonly body?: any;
}

export const PROJECT = 'projects/shop-test';
export const NUMBER = '100000000009';
const REGION = `${PROJECT}/regions/europe-west1`;
const LOCATION = `${PROJECT}/locations/europe-west1`;
const KEY = `${LOCATION}/keyRings/ring/cryptoKeys/data`;
const agent = (domain: string) => `serviceAccount:service-${NUMBER}@${domain}.iam.gserviceaccount.com`;
const post = (api: string, target: string, body: any): Request => ({
  verb: 'POST',
  host: `${api}.googleapis.com`,
  target,
  body,
});
const grant = (api: string, target: string, role: string, ...members: string[]) =>
  post(api, `${target}:setIamPolicy`, { policy: { bindings: [{ role, members }] } });
const compute = (path: string, body: any) => post('compute', `/compute/v1/${path}`, body);

export const VALID = {
  network: compute(`${PROJECT}/global/networks`, { name: 'vpc', autoCreateSubnetworks: false }),
  subnetwork: compute(`${REGION}/subnetworks`, {
    name: 'nodes',
    network: `${PROJECT}/global/networks/vpc`,
    ipCidrRange: '10.10.0.0/20',
    secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.12.0.0/16' }],
  }),
  address: compute(`${REGION}/addresses`, {
    name: 'endpoint',
    addressType: 'INTERNAL',
    subnetwork: `${REGION}/subnetworks/nodes`,
    address: '10.10.0.5',
  }),
  router: compute(`${REGION}/routers`, {
    name: 'router',
    network: `${PROJECT}/global/networks/vpc`,
    nats: [
      {
        name: 'nat',
        natIpAllocateOption: 'AUTO_ONLY',
        sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      },
    ],
  }),
  securityPolicy: compute(`${PROJECT}/global/securityPolicies`, {
    name: 'edge',
    rules: [
      {
        priority: 1_000,
        action: 'deny(403)',
        match: { expr: { expression: "evaluatePreconfiguredWaf('sqli')" } },
      },
      {
        priority: 2_147_483_647,
        action: 'allow',
        match: { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } },
      },
    ],
  }),
  firewallPolicy: compute(`${PROJECT}/global/firewallPolicies`, { name: 'egress' }),
  firewallRule: compute(`${PROJECT}/global/firewallPolicies/egress/addRule`, {
    priority: 100,
    ruleName: 'google',
    direction: 'EGRESS',
    action: 'allow',
    match: { destIpRanges: ['199.36.153.4/30'], layer4Configs: [{ ipProtocol: 'tcp' }] },
  }),
  keyRing: post('cloudkms', `/v1/${LOCATION}/keyRings?keyRingId=ring`, {}),
  key: post('cloudkms', `/v1/${LOCATION}/keyRings/ring/cryptoKeys?cryptoKeyId=data`, {
    purpose: 'ENCRYPT_DECRYPT',
    rotationPeriod: '7776000s',
    nextRotationTime: '2030-01-01T00:00:00Z',
    destroyScheduledDuration: '2592000s',
  }),
  keyGrant: grant(
    'cloudkms',
    `/v1/${KEY}`,
    'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    agent('gcp-sa-pubsub'),
    agent('gcp-sa-alloydb'),
    agent('compute-system'),
  ),
  account: post('iam', `/v1/${PROJECT}/serviceAccounts`, {
    accountId: 'gke-nodes',
    serviceAccount: { displayName: 'Nodes' },
  }),
  projectGrant: grant(
    'cloudresourcemanager',
    `/v1/${PROJECT}`,
    'roles/logging.logWriter',
    `serviceAccount:gke-nodes@shop-test.iam.gserviceaccount.com`,
  ),
  topic: {
    verb: 'PUT',
    host: 'pubsub.googleapis.com',
    target: `/v1/${PROJECT}/topics/rotation`,
    body: { kmsKeyName: KEY },
  },
  subscription: {
    verb: 'PUT',
    host: 'pubsub.googleapis.com',
    target: `/v1/${PROJECT}/subscriptions/rotation`,
    body: {
      topic: `${PROJECT}/topics/rotation`,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '2678400s' },
    },
  },
  topicGrant: grant(
    'pubsub',
    `/v1/${PROJECT}/topics/rotation`,
    'roles/pubsub.publisher',
    agent('gcp-sa-secretmanager'),
  ),
  secret: post('secretmanager', `/v1/${PROJECT}/secrets?secretId=api-key`, {
    replication: { automatic: {} },
    topics: [{ name: `${PROJECT}/topics/rotation` }],
    rotation: { nextRotationTime: '2030-01-01T00:00:00Z', rotationPeriod: '7776000s' },
  }),
  zone: post('dns', `/dns/v1/${PROJECT}/managedZones`, {
    name: 'shop',
    dnsName: 'shop.example.',
    description: 'public',
    visibility: 'public',
  }),
  record: post('dns', `/dns/v1/${PROJECT}/managedZones/shop/changes`, {
    additions: [{ name: 'www.shop.example.', type: 'A', ttl: 300, rrdatas: ['203.0.113.7'] }],
  }),
  authorization: post(
    'certificatemanager',
    `/v1/${PROJECT}/locations/global/dnsAuthorizations?dnsAuthorizationId=shop`,
    { domain: 'shop.example' },
  ),
  certificate: post('certificatemanager', `/v1/${PROJECT}/locations/global/certificates?certificateId=shop`, {
    managed: {
      domains: ['shop.example'],
      dnsAuthorizations: [`${PROJECT}/locations/global/dnsAuthorizations/shop`],
    },
  }),
  cluster: post('container', `/v1/${PROJECT}/locations/europe-west1-b/clusters`, {
    cluster: {
      name: 'shop',
      network: `${PROJECT}/global/networks/vpc`,
      subnetwork: `${REGION}/subnetworks/nodes`,
      workloadIdentityConfig: { workloadPool: 'shop-test.svc.id.goog' },
      securityPostureConfig: { mode: 'BASIC' },
      fleet: { project: 'shop-test' },
    },
  }),
  workloadGrant: grant(
    'cloudresourcemanager',
    `/v1/${PROJECT}`,
    'roles/cloudtrace.agent',
    `principal://iam.googleapis.com/projects/${NUMBER}/locations/global/workloadIdentityPools/shop-test.svc.id.goog/subject/ns/cart/sa/cart`,
  ),
  feature: post('gkehub', `/v1/${PROJECT}/locations/global/features?featureId=servicemesh`, {
    membershipSpecs: {
      [`projects/${NUMBER}/locations/europe-west1/memberships/shop`]: {
        mesh: { management: 'MANAGEMENT_AUTOMATIC' },
      },
    },
  }),
  database: post('alloydb', `/v1/${LOCATION}/clusters?clusterId=orders`, {
    pscConfig: { pscEnabled: true },
    encryptionConfig: { kmsKeyName: KEY },
    continuousBackupConfig: { enabled: true, recoveryWindowDays: 14 },
  }),
  databaseInstance: post('alloydb', `/v1/${LOCATION}/clusters/orders/instances?instanceId=primary`, {
    instanceType: 'PRIMARY',
    availabilityType: 'ZONAL',
    machineConfig: { cpuCount: 2 },
  }),
  logMetric: post('logging', `/v2/${PROJECT}/metrics`, {
    name: 'denied-requests',
    filter: 'httpRequest.status=403',
    metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64' },
  }),
  logBucket: post('logging', `/v2/${LOCATION}/buckets:createAsync?bucketId=evidence`, { retentionDays: 400 }),
  logSink: post('logging', `/v2/${PROJECT}/sinks?uniqueWriterIdentity=true`, {
    name: 'evidence',
    destination: `logging.googleapis.com/${LOCATION}/buckets/evidence`,
  }),
  channel: post('monitoring', `/v3/${PROJECT}/notificationChannels`, {
    type: 'email',
    displayName: 'Platform',
    labels: { email_address: 'platform@shop.example' },
  }),
  promqlAlert: post('monitoring', `/v3/${PROJECT}/alertPolicies`, {
    displayName: 'cart: availability',
    combiner: 'OR',
    userLabels: { severity: 'page' },
    documentation: { content: 'text', mimeType: 'text/markdown' },
    conditions: [
      {
        displayName: 'cart',
        conditionPrometheusQueryLanguage: {
          query: 'up == 0',
          duration: '0s',
          evaluationInterval: '60s',
          alertRule: 'availability_page',
          ruleGroup: 'cart',
        },
      },
    ],
    alertStrategy: { autoClose: '1800s' },
  }),
  thresholdAlert: post('monitoring', `/v3/${PROJECT}/alertPolicies`, {
    displayName: 'denied requests',
    combiner: 'OR',
    conditions: [
      {
        displayName: 'denied',
        conditionThreshold: {
          filter:
            'metric.type="logging.googleapis.com/user/denied-requests" AND resource.type="k8s_container"',
          comparison: 'COMPARISON_GT',
          thresholdValue: 20,
          duration: '0s',
          aggregations: [{ alignmentPeriod: '600s', perSeriesAligner: 'ALIGN_SUM' }],
        },
      },
    ],
  }),
  logAlert: post('monitoring', `/v3/${PROJECT}/alertPolicies`, {
    displayName: 'IAM changes',
    combiner: 'OR',
    conditions: [
      { displayName: 'IAM', conditionMatchedLog: { filter: 'protoPayload.methodName:"SetIamPolicy"' } },
    ],
    alertStrategy: { notificationRateLimit: { period: '300s' } },
  }),
  service: post('monitoring', `/v3/${PROJECT}/services?serviceId=cart`, {
    basicService: {
      serviceType: 'ISTIO_CANONICAL_SERVICE',
      serviceLabels: { mesh_uid: 'proj-1', canonical_service_namespace: 'cart', canonical_service: 'cart' },
    },
  }),
  objective: post(
    'monitoring',
    `/v3/${PROJECT}/services/cart/serviceLevelObjectives?serviceLevelObjectiveId=latency`,
    {
      goal: 0.95,
      rollingPeriod: '2419200s',
      serviceLevelIndicator: { basicSli: { availability: {} } },
    },
  ),
  note: post('containeranalysis', `/v1/${PROJECT}/notes?noteId=pipeline`, {
    attestation: { hint: { humanReadableName: 'Pipeline' } },
  }),
  attestor: post('binaryauthorization', `/v1/${PROJECT}/attestors?attestorId=pipeline`, {
    userOwnedGrafeasNote: { noteReference: `${PROJECT}/notes/pipeline` },
  }),
  admissionPolicy: {
    verb: 'PUT',
    host: 'binaryauthorization.googleapis.com',
    target: `/v1/${PROJECT}/policy`,
    body: {
      defaultAdmissionRule: {
        evaluationMode: 'REQUIRE_ATTESTATION',
        enforcementMode: 'ENFORCED_BLOCK_AND_AUDIT_LOG',
        requireAttestationsBy: [`${PROJECT}/attestors/pipeline`],
      },
    },
  },
  workflow: post('workflows', `/v1/${LOCATION}/workflows?workflowId=rollback`, {
    sourceContents: 'main: {}',
    serviceAccount: 'projects/shop-test/serviceAccounts/gke-nodes@shop-test.iam.gserviceaccount.com',
    userEnvVars: { CLUSTER: 'shop' },
  }),
  trigger: post('eventarc', `/v1/${LOCATION}/triggers?triggerId=rollback`, {
    eventFilters: [{ attribute: 'type', value: 'google.cloud.pubsub.topic.v1.messagePublished' }],
    destination: { workflow: `${LOCATION}/workflows/rollback` },
    transport: { pubsub: { topic: `${PROJECT}/topics/rotation` } },
    serviceAccount: 'gke-nodes@shop-test.iam.gserviceaccount.com',
  }),
  repository: post('artifactregistry', `/v1/${LOCATION}/repositories?repositoryId=images`, {
    format: 'DOCKER',
  }),
  job: post('cloudscheduler', `/v1/${LOCATION}/jobs`, {
    name: `${LOCATION}/jobs/rollback-check`,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    httpTarget: { uri: 'https://workflowexecutions.googleapis.com/v1/x', httpMethod: 'POST' },
  }),
} as const satisfies Readonly<Record<string, Request>>;
