import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1/VirtualService';
import { Construct } from 'constructs';
import { bodyPools, type BodyPool } from '../../model/body-pools';
import { canaryVersion } from '../../model/canary/weight-cap';
import { splitMetadata } from '../../model/canary/split';
import { mostRetries, type CircuitBreaker } from '../../model/circuit-breaker';
import type { Environment } from '../../model/environment';
import { duration } from '../../model/quantity';
import type { Service, Version } from '../../model/service';
import { streamHost } from '../../model/streams';
import { KubernetesObject } from '../kubernetes-object';
import { CanaryWeights, replaceWeights, type WeightReferences } from './canary-weights';
import { renderOutlierDetection } from './outlier-detection';
import { renderMeshRoutes } from './route';
import { renderStreamPolicy } from './stream-policy';

export interface TrafficPolicyProps {
  readonly environment: Environment;
  readonly service: Service;
  /** Expression for the weight caps in the cluster; `undefined` if no canary runs. */
  readonly weightCaps: string | undefined;
  /** Objects that must exist first, including the versions' Kubernetes Services. */
  readonly dependsOn: readonly KubernetesObject[];
}

/** What the routes of a public host need of a service. */
export interface RoutedService {
  /** References to the weights of its canary, by host; empty if none runs. */
  readonly weights: WeightReferences;
  /** Objects that must exist before requests are routed to it. */
  readonly destinations: readonly KubernetesObject[];
}

/**
 * Traffic policy of the service: circuit breakers, timeout, retries, and the split over its versions.
 *
 * Circuit breakers are on the versions' hosts. On the service's host they would have no effect, because routes point
 * at the versions.
 */
export class TrafficPolicy extends Construct implements RoutedService {
  public readonly weights: WeightReferences;
  public readonly destinations: readonly KubernetesObject[];

  constructor(scope: Construct, id: string, props: TrafficPolicyProps) {
    super(scope, id);
    const { environment, service, weightCaps, dependsOn } = props;

    const circuitBreakers = service.versions.map(
      (version) =>
        new KubernetesObject(
          this,
          `${version.name.toUpperCase()}DestinationRule`,
          renderCircuitBreaker(service, version, bodyPools(service, environment)),
          { dependsOn },
        ),
    );

    const streamPool = streamHost(service);
    const streamPolicies =
      streamPool === undefined
        ? []
        : [
            new KubernetesObject(this, 'StreamsDestinationRule', renderStreamPolicy(service, streamPool), {
              dependsOn,
            }),
          ];

    // Routes depend on the versions' objects, so they are created last and deleted first.
    this.destinations = [...dependsOn, ...circuitBreakers, ...streamPolicies];
    this.weights =
      weightCaps !== undefined && canaryVersion(service)
        ? new CanaryWeights(this, 'CanaryWeight', { environment, service, weightCaps }).references
        : new Map();
    new KubernetesObject(
      this,
      'VirtualService',
      new VirtualService({
        metadata: {
          name: service.name,
          namespace: service.namespace,
          ...splitMetadata([service], environment),
        },
        spec: { hosts: [service.host], gateways: ['mesh'], http: renderMeshRoutes(service) },
      }),
      {
        dependsOn: this.destinations,
        ...(this.weights.size > 0 && { replaceLeaves: (object) => replaceWeights(object, this.weights) }),
      },
    );
  }
}

function renderCircuitBreaker(
  service: Service,
  version: Version,
  pools: readonly BodyPool[],
): DestinationRule {
  const { circuitBreaker } = service;
  return new DestinationRule({
    metadata: { name: version.workload, namespace: service.namespace },
    spec: {
      host: version.host,
      trafficPolicy: renderPolicy(circuitBreaker),
      ...(pools.length > 0 && {
        // Subsets of the same pods, each with connections of its own.
        subsets: pools.map(({ name, maxRequests }) => ({
          name,
          labels: { version: version.name },
          trafficPolicy: renderPolicy({
            ...circuitBreaker,
            maxConnections: maxRequests,
            maxRequests,
            maxPendingRequests: Math.ceil(
              (circuitBreaker.maxPendingRequests * maxRequests) / circuitBreaker.maxConnections,
            ),
            maxRetries: Math.min(circuitBreaker.maxRetries, mostRetries(maxRequests)),
          }),
        })),
      }),
    },
  });
}

function renderPolicy(circuitBreaker: CircuitBreaker) {
  return {
    // Explicit, so that no client falls back to plain text.
    tls: { mode: 'ISTIO_MUTUAL' as const },
    connectionPool: {
      tcp: {
        maxConnections: circuitBreaker.maxConnections,
        connectTimeout: duration(circuitBreaker.connectTimeoutMs),
      },
      http: {
        http1MaxPendingRequests: circuitBreaker.maxPendingRequests,
        http2MaxRequests: circuitBreaker.maxRequests,
        maxRetries: circuitBreaker.maxRetries,
        idleTimeout: duration(circuitBreaker.idleTimeoutSeconds * 1_000),
      },
    },
    outlierDetection: renderOutlierDetection(circuitBreaker),
  };
}
