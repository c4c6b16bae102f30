import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { ServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1beta1/ServiceEntry';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1/VirtualService';
import { Construct } from 'constructs';
import { mostRetries } from '../../model/circuit-breaker';
import { removedHeaders } from '../../model/header-policy';
import { EGRESS_GATEWAY, serviceHost } from '../../model/naming';
import { duration } from '../../model/quantity';
import type { External } from '../../model/service';
import { KubernetesObject } from '../kubernetes-object';
import { PUBLIC_AUTHORITIES } from '../mesh/registry-entries';
import { renderPathRefusal } from '../retail-microservice/refusal';

export interface ExternalServiceProps {
  readonly external: External;
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Port of the third party inside the mesh. Its real port is not in the registry: callers' proxies would pass TLS to
 * it through, bypassing the egress gateway.
 */
const MESH_PORT = 80;
/** The timeout to the gateway is longer than the gateway's, so that callers get its 504. */
const MESH_LEG_MARGIN_MS = 50;

/**
 * A third party: registered by host name, routed through the egress gateway, which originates and verifies TLS. Apps
 * send plain HTTP to their proxy, so that TLS is not applied twice.
 */
export class ExternalService extends Construct {
  constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    const { external, dependsOn } = props;
    const metadata = { name: external.name, namespace: EGRESS_GATEWAY.namespace };

    const entry = new KubernetesObject(
      this,
      'ServiceEntry',
      new ServiceEntry({
        metadata,
        spec: {
          hosts: [external.host],
          ports: [{ number: MESH_PORT, name: 'http', protocol: 'HTTP', targetPort: external.port }],
          location: 'MESH_EXTERNAL',
          resolution: 'DNS',
        },
      }),
      { dependsOn },
    );
    const origination = new KubernetesObject(
      this,
      'DestinationRule',
      new DestinationRule({
        metadata,
        spec: { host: external.host, trafficPolicy: renderOrigination(external) },
      }),
      { dependsOn: [...dependsOn, entry] },
    );
    new KubernetesObject(
      this,
      'VirtualService',
      new VirtualService({
        metadata,
        spec: {
          hosts: [external.host],
          gateways: ['mesh', EGRESS_GATEWAY.name],
          http: [renderPathRefusal(external.host), renderMeshLeg(external), renderOuterLeg(external)],
        },
      }),
      { dependsOn: [...dependsOn, origination] },
    );
  }
}

/**
 * From the caller to the gateway. Retries only at another pod of the gateway, if one cannot be reached; what the
 * gateway has accepted, only the gateway retries.
 */
function renderMeshLeg(external: External) {
  return {
    name: 'to-egress-gateway',
    match: [{ gateways: ['mesh'], port: MESH_PORT }],
    route: [
      {
        destination: {
          host: serviceHost(EGRESS_GATEWAY.name, EGRESS_GATEWAY.namespace),
          port: { number: 443 },
        },
        weight: 100,
      },
    ],
    timeout: duration(external.timeoutMs + MESH_LEG_MARGIN_MS),
    retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' },
  };
}

/**
 * From the gateway to the third party. Retries only if the request cannot have arrived, since a charge must not be
 * repeated.
 */
function renderOuterLeg(external: External) {
  const { attempts, perTryTimeoutMs } = external.retries;
  return {
    name: 'to-third-party',
    match: [{ gateways: [EGRESS_GATEWAY.name] }],
    route: [{ destination: { host: external.host, port: { number: MESH_PORT } }, weight: 100 }],
    headers: { request: { remove: removedHeaders('toThirdParties') } },
    timeout: duration(external.timeoutMs),
    retries:
      attempts === 0
        ? { attempts: 0 }
        : {
            attempts,
            ...(perTryTimeoutMs !== undefined && { perTryTimeout: duration(perTryTimeoutMs) }),
            retryOn: 'connect-failure,refused-stream',
          },
  };
}

function renderOrigination({ sni, subjectAltNames, circuitBreaker }: External) {
  return {
    portLevelSettings: [
      {
        port: { number: MESH_PORT },
        tls: {
          mode: 'SIMPLE' as const,
          sni,
          subjectAltNames: [...subjectAltNames],
          caCertificates: PUBLIC_AUTHORITIES,
        },
        connectionPool: {
          tcp: { maxConnections: circuitBreaker.maxConnections, connectTimeout: '1s' },
          http: {
            http1MaxPendingRequests: circuitBreaker.maxPendingRequests,
            http2MaxRequests: circuitBreaker.maxRequests,
            maxRetries: mostRetries(circuitBreaker.maxRequests),
          },
        },
        outlierDetection: {
          consecutive5xxErrors: circuitBreaker.consecutive5xxErrors,
          interval: '10s',
          baseEjectionTime: duration(circuitBreaker.baseEjectionSeconds * 1_000),
          // With 50 % a host with a single address is never ejected.
          maxEjectionPercent: 50,
        },
      },
    ],
  };
}
