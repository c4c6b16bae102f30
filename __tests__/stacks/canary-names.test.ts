/**
 * The rollback of canaries spans Cloud Monitoring, Pub/Sub, Eventarc, Workflows, the API server and Terraform. Where
 * two of them must use the same name, a rename on one side only can fail open: an admission policy without parameters
 * allows every weight. So each name is read from both sides of the synthesized JSON, and each side is renamed once.
 */
import { parse } from 'yaml';
import { renderWeightCap } from '../../model/canary/weight-cap';
import { CLOUD_NAMES } from '../support/canary-names/cloud';
import { CLUSTER_NAMES } from '../support/canary-names/cluster';
import { disagreements, halfRenames } from '../support/shared-names';
import { environmentNamed } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const stacks = synthEnvironment({
  ...prod,
  acknowledgedIncidents: ['0.acknowledged'],
  mesh: { ...prod.mesh, repository: 'example/shop' },
  rollbackController: { ...prod.rollbackController, startsPipeline: true },
});
const policies = stacks.get('prod-mesh-policies');
const observability = stacks.get('prod-observability');
const workflow = observability?.resource?.['google_workflows_workflow']?.['canary_rollback'];
const objects = Object.fromEntries(
  Object.entries(policies?.resource?.['kubernetes_manifest'] ?? {}).map(([key, { manifest }]) => [
    key,
    manifest,
  ]),
);

const tree = {
  workflow: {
    ...workflow,
    source: parse(workflow.source_contents.replaceAll('$${', '${')),
  },
  google: observability?.resource,
  provider: observability?.provider.google[0],
  outputs: observability?.output,
  cluster: stacks.get('prod-cluster-and-asm')?.resource?.['google_container_cluster']?.['cluster'],
  objects,
  routes: Object.fromEntries(
    Object.entries(objects).filter(
      ([, { kind, spec }]) => kind === 'VirtualService' && JSON.stringify(spec).includes('${local.'),
    ),
  ),
  alerts: Object.fromEntries(
    Object.entries(policies?.resource?.['google_monitoring_alert_policy'] ?? {}).filter(([key]) =>
      key.startsWith('checkout_canary_'),
    ),
  ),
  plan: { ...policies?.data?.['kubernetes_resources']?.['canary_weight_caps'], locals: policies?.locals },
  command: renderWeightCap({
    service: 'checkout',
    host: 'checkout-v2.purchasing.svc.cluster.local',
    release: 'sha256:5b2b',
    maximumWeightPercent: 0,
    action: 'rollback',
    incident: '0.a',
    time: '2026-01-31T10:00:00Z',
  }),
  // https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/pubsub/v1/data.proto
  eventarc: { 'google.cloud.pubsub.topic.v1.messagePublished': 'data.message.data' },
};

describe.each([...CLUSTER_NAMES, ...CLOUD_NAMES].map((shared) => [shared.name, shared] as const))(
  '%s',
  (_, shared) => {
    test('all parties agree', () => expect(disagreements(tree, shared)).toEqual([]));

    test('a rename on one side only is noticed', () => {
      const unnoticed = [...halfRenames(tree, shared)].filter(
        ([, renamed]) => disagreements(renamed, shared).length === 0,
      );
      expect(unnoticed.map(([rename]) => rename)).toEqual([]);
    });
  },
);
