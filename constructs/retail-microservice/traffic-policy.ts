import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1/VirtualService';
import { Construct } from 'constructs';
import { canaryVersion } from '../../model/canary/weight-cap';
import { splitMetadata } from '../../model/canary/split';
import type { Environment } from '../../model/environment';
import { INGRESS_GATEWAY } from '../../model/naming';
import { duration } from '../../model/quantity';
import type { Service, Version } from '../../model/service';
import { KubernetesObject } from '../kubernetes-object';
import { CanaryWeights } from './canary-weights';
import { renderIngressRoutes, renderMeshRoutes } from './route';

export interface TrafficPolicyProps {
  readonly environment: Environment;
  readonly service: Service;
  /** Expression for the weight caps in the cluster; `undefined` if no canary runs. */
  readonly weightCaps: string | undefined;
  /** Objects that must exist first, including the versions' Kubernetes Services. */
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Traffic policy of the service: circuit breakers, timeout, retries, and the split over its versions.
 *
 * Circuit breakers are on the versions' hosts. On the service's host they would have no effect, because routes point
 * at the versions.
 */
export class TrafficPolicy extends Construct {
  constructor(scope: Construct, id: string, props: TrafficPolicyProps) {
    super(scope, id);
    const { environment, service, weightCaps, dependsOn } = props;
    const publicHosts = environment.domainNames;
    const { name, namespace } = service;

    const circuitBreakers = service.versions.map(
      (version) =>
        new KubernetesObject(
          this,
          `${version.name.toUpperCase()}DestinationRule`,
          renderCircuitBreaker(service, version),
          { dependsOn },
        ),
    );

    // Routes depend on the versions' objects, so they are created last and deleted first.
    const weights =
      weightCaps !== undefined &&
      canaryVersion(service) &&
      new CanaryWeights(this, 'CanaryWeight', { environment, service, weightCaps });
    const options = {
      dependsOn: [...dependsOn, ...circuitBreakers],
      ...(weights && { replaceLeaves: weights.replaceIn }),
    };
    const split = splitMetadata(service, environment);
    new KubernetesObject(
      this,
      'VirtualService',
      new VirtualService({
        metadata: { name, namespace, ...split },
        spec: { hosts: [service.host], gateways: ['mesh'], http: renderMeshRoutes(service) },
      }),
      options,
    );

    for (const host of ['web', 'api'] as const) {
      const ingress = service.ingress.filter((route) => route.host === host);
      if (ingress.length === 0) continue;
      new KubernetesObject(
        this,
        `${host === 'web' ? 'Web' : 'Api'}VirtualService`,
        new VirtualService({
          metadata: { name: `${name}-${host}`, namespace, ...split },
          spec: {
            hosts: [publicHosts[host]],
            gateways: [`${INGRESS_GATEWAY.namespace}/${INGRESS_GATEWAY.name}`],
            http: renderIngressRoutes(service, ingress),
          },
        }),
        options,
      );
    }
  }
}

function renderCircuitBreaker(service: Service, version: Version): DestinationRule {
  const { circuitBreaker } = service;
  const { outlierDetection } = circuitBreaker;
  return new DestinationRule({
    metadata: { name: version.workload, namespace: service.namespace },
    spec: {
      host: version.host,
      trafficPolicy: {
        // Explicit, so that no client falls back to plain text.
        tls: { mode: 'ISTIO_MUTUAL' },
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
        outlierDetection: {
          consecutive5xxErrors: outlierDetection.consecutive5xxErrors,
          interval: duration(outlierDetection.intervalSeconds * 1_000),
          baseEjectionTime: duration(outlierDetection.baseEjectionSeconds * 1_000),
          maxEjectionPercent: outlierDetection.maxEjectionPercent,
        },
      },
    },
  });
}
