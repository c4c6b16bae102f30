/** Reads every kind that says something about the mesh; the others are told by their addresses alone. */
import { kubernetesObject, type KubernetesObject, type Resource } from '../resource-change';
import { accessFacts, l3l4Facts } from './access';
import { circuitBreakerFacts } from './circuit-breaker';
import type { Fact } from './fact';
import { alertFacts, objectiveFacts } from './objectives';
import { routeFacts } from './routes';
import { clientFacts, listenerFacts, peerFacts } from './transport';
import { autoscalerFacts, deploymentFacts, tokenFacts } from './workloads';

type ObjectReader = (object: KubernetesObject, source: string) => Fact[];

const OBJECT_READERS: Readonly<Record<string, readonly ObjectReader[]>> = {
  'networking.istio.io/VirtualService': [routeFacts],
  'networking.istio.io/DestinationRule': [circuitBreakerFacts, clientFacts],
  'networking.istio.io/Gateway': [listenerFacts],
  'security.istio.io/AuthorizationPolicy': [accessFacts],
  'security.istio.io/PeerAuthentication': [peerFacts],
  'security.istio.io/RequestAuthentication': [tokenFacts],
  'networking.k8s.io/NetworkPolicy': [l3l4Facts],
  'apps/Deployment': [deploymentFacts],
  'autoscaling/HorizontalPodAutoscaler': [autoscalerFacts],
};

const RESOURCE_READERS: Readonly<Record<string, (resource: Resource) => Fact[]>> = {
  google_monitoring_slo: objectiveFacts,
  google_monitoring_alert_policy: alertFacts,
};

export function readFacts(resource: Resource): Fact[] {
  const object = kubernetesObject(resource);
  if (object === undefined) return RESOURCE_READERS[resource.type]?.(resource) ?? [];
  const [group] = object.apiVersion.split('/');
  const readers = OBJECT_READERS[`${group}/${object.kind}`] ?? [];
  return readers.flatMap((read) => read(object, resource.address));
}
