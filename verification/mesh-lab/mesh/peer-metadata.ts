/**
 * Google's and Istio's builds of Envoy tell the other side who they are, in headers that a filter before the router
 * adds. Upstream Envoy lacks that filter, so another one adds the same headers at the same place.
 *
 * @see https://github.com/istio/proxy/tree/master/source/extensions/filters/http/peer_metadata
 */
import { ROOT_NAMESPACE } from '../../../model/naming';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';

export const PEER_METADATA = 'workload-and-labels-of-the-lab';
export const PEER_METADATA_HEADERS = ['x-envoy-peer-metadata', 'x-envoy-peer-metadata-id'] as const;

const mutations = PEER_METADATA_HEADERS.map((key) => ({
  append: { header: { key, value: PEER_METADATA }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
}));

/** A client's proxy adds them to requests, a server's to responses. */
export function renderPeerMetadata(): KubernetesManifest {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'lab-peer-metadata', namespace: ROOT_NAMESPACE },
    spec: {
      configPatches: [
        patch('SIDECAR_OUTBOUND', { request_mutations: mutations }),
        // The gateway reads the headers of a response, and does not pass them on.
        patch('GATEWAY', {
          request_mutations: mutations,
          response_mutations: PEER_METADATA_HEADERS.map((remove) => ({ remove })),
        }),
        patch('SIDECAR_INBOUND', { response_mutations: mutations }),
      ],
    },
  };
}

function patch(context: string, changes: object) {
  return {
    applyTo: 'HTTP_FILTER',
    match: {
      context,
      listener: {
        filterChain: {
          filter: {
            name: 'envoy.filters.network.http_connection_manager',
            subFilter: { name: 'envoy.filters.http.router' },
          },
        },
      },
    },
    patch: {
      operation: 'INSERT_BEFORE',
      value: {
        name: 'lab.peer_metadata',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
          mutations: changes,
        },
      },
    },
  };
}
