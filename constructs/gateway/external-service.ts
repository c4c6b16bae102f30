import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { ServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1beta1/ServiceEntry';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1beta1/VirtualService';
import { Construct } from 'constructs';
import { EGRESS_GATEWAY, serviceHost } from '../../model/naming';
import { duration } from '../../model/quantity';
import type { External } from '../../model/service';
import { KubernetesObject } from '../kubernetes-object';
import { PUBLIC_AUTHORITIES } from '../mesh/registry-entries';

export interface ExternalServiceProps {
  readonly external: External;
  readonly dependsOn: readonly KubernetesObject[];
}

/**
 * Where callers find the third party. Its own port is no port of the mesh: callers' proxies would let TLS to it pass,
 * around the egress gateway.
 */
const MESH_PORT = 80;
/** The mesh leg ends at the gateway a little later than the outer leg, so that its 504 still arrives. */
const MESH_LEG_MARGIN_MS = 50;

/**
 * A third party: known to the mesh by its host name, routed through the egress gateway, which originates and
 * verifies TLS. Callers speak plain HTTP to it inside their pod, so TLS is not applied twice.
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
          http: [renderMeshLeg(external), renderOuterLeg(external)],
        },
      }),
      { dependsOn: [...dependsOn, origination] },
    );
  }
}

/** From the caller to the gateway. Retries happen at one layer only, and that is the outer one. */
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
    retries: { attempts: 0 },
  };
}

/** From the gateway to the third party. Repeated only if the request cannot have arrived: a charge is not. */
function renderOuterLeg(external: External) {
  const { attempts, perTryTimeoutMs } = external.retries;
  return {
    name: 'to-third-party',
    match: [{ gateways: [EGRESS_GATEWAY.name] }],
    route: [{ destination: { host: external.host, port: { number: MESH_PORT } }, weight: 100 }],
    // The gateway's proxy would tell the third party which workload asks, certificate included.
    headers: { request: { remove: ['x-forwarded-client-cert'] } },
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
            maxRetries: 3,
          },
        },
        outlierDetection: {
          consecutive5xxErrors: circuitBreaker.consecutive5xxErrors,
          interval: '10s',
          baseEjectionTime: duration(circuitBreaker.baseEjectionSeconds * 1_000),
          // At 50 % a host with a single address is never taken out, which would be an outage.
          maxEjectionPercent: 50,
        },
      },
    ],
  };
}
