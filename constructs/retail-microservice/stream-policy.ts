import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1beta1/DestinationRule';
import { streamServiceName } from '../../model/naming';
import { duration } from '../../model/quantity';
import type { Service } from '../../model/service';
import { mostOpenStreams } from '../../model/streams';
import { renderOutlierDetection } from './outlier-detection';

const PROBE_INTERVAL_MS = 10_000;
const PROBES = 3;

/**
 * Connection pool of the service's streams, apart from that of its other requests: a stream holds a connection for as
 * long as it is open.
 *
 * @param host of the streams
 */
export function renderStreamPolicy(service: Service, host: string): DestinationRule {
  const { circuitBreaker, streams } = service;
  const most = mostOpenStreams(service);
  const idleSeconds = Math.min(...streams.map(({ idleTimeoutSeconds }) => idleTimeoutSeconds));
  return new DestinationRule({
    metadata: { name: streamServiceName(service.name), namespace: service.namespace },
    spec: {
      host,
      trafficPolicy: {
        // Explicit, so that no client falls back to plain text.
        tls: { mode: 'ISTIO_MUTUAL' },
        connectionPool: {
          tcp: {
            maxConnections: most,
            connectTimeout: duration(circuitBreaker.connectTimeoutMs),
            // No field of the managed mesh ends an idle stream. The kernel ends one whose other side has vanished.
            tcpKeepalive: {
              time: duration(idleSeconds * 1_000),
              interval: duration(PROBE_INTERVAL_MS),
              probes: PROBES,
            },
          },
          http: {
            // When a pod terminates, its clients open their streams again at the same moment.
            http1MaxPendingRequests: most,
            http2MaxRequests: most,
            maxRetries: circuitBreaker.maxRetries,
            idleTimeout: duration(circuitBreaker.idleTimeoutSeconds * 1_000),
            // A WebSocket takes over its connection.
            ...(service.protocol === 'http' && { h2UpgradePolicy: 'DO_NOT_UPGRADE' as const }),
          },
        },
        outlierDetection: renderOutlierDetection(circuitBreaker),
      },
    },
  });
}
