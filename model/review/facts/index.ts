/** Facts of every kind of resource that configures the mesh. Other resources are reviewed by address only. */
import { parseManifest, type ParsedManifest, type ResourceState } from '../resource-change';
import { accessFacts, networkPolicyFacts } from './access';
import { circuitBreakerFacts } from './circuit-breaker';
import type { Fact } from './fact';
import { alertFacts, objectiveFacts } from './objectives';
import { routeFacts } from './routes';
import { clientTlsFacts, listenerFacts, mutualTlsFacts } from './transport';
import { autoscalerFacts, deploymentFacts, tokenFacts } from './workloads';

type ManifestReader = (manifest: ParsedManifest, source: string) => Fact[];

const MANIFEST_READERS: Readonly<Record<string, readonly ManifestReader[]>> = {
  'networking.istio.io/VirtualService': [routeFacts],
  'networking.istio.io/DestinationRule': [circuitBreakerFacts, clientTlsFacts],
  'networking.istio.io/Gateway': [listenerFacts],
  'security.istio.io/AuthorizationPolicy': [accessFacts],
  'security.istio.io/PeerAuthentication': [mutualTlsFacts],
  'security.istio.io/RequestAuthentication': [tokenFacts],
  'networking.k8s.io/NetworkPolicy': [networkPolicyFacts],
  'apps/Deployment': [deploymentFacts],
  'autoscaling/HorizontalPodAutoscaler': [autoscalerFacts],
};

const RESOURCE_READERS: Readonly<Record<string, (resource: ResourceState) => Fact[]>> = {
  google_monitoring_slo: objectiveFacts,
  google_monitoring_alert_policy: alertFacts,
};

export function readFacts(resource: ResourceState): Fact[] {
  const manifest = parseManifest(resource);
  if (manifest === undefined) return RESOURCE_READERS[resource.type]?.(resource) ?? [];
  const [group] = manifest.apiVersion.split('/');
  const readers = MANIFEST_READERS[`${group}/${manifest.kind}`] ?? [];
  return readers.flatMap((read) => read(manifest, resource.address));
}
