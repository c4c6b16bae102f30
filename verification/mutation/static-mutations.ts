/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations change arbitrary JSON */
import { edit, route, type Mutation } from './mutation';

export const STATIC_MUTATIONS: readonly Mutation[] = [
  {
    what: 'a field of a VirtualService is misspelled',
    killedBy: /-admitted$/,
    change: edit('VirtualService purchasing/cart', (spec) => void (route(spec, 'reads')['timeOut'] = '1s')),
  },
  {
    what: 'a field of a NetworkPolicy is misspelled',
    killedBy: /-admitted$/,
    change: edit('NetworkPolicy purchasing/cart-v1', (spec) => void (spec['policyType'] = ['Ingress'])),
  },
  {
    what: 'a TLS mode does not exist',
    killedBy: /-admitted$/,
    change: edit(
      'DestinationRule purchasing/cart-v1',
      (spec) => void (spec['trafficPolicy'].tls.mode = 'MUTUALLY'),
    ),
  },
  {
    what: 'a disruption budget sets minAvailable and maxUnavailable',
    killedBy: /-admitted$/,
    change: edit('PodDisruptionBudget purchasing/cart-v1', (spec) => void (spec['minAvailable'] = 1)),
  },
  {
    what: 'the minimum of an autoscaler exceeds its maximum',
    killedBy: /-admitted$/,
    change: edit('HorizontalPodAutoscaler purchasing/cart-v1', (spec) => void (spec['minReplicas'] = 100)),
  },
  {
    what: 'a pod may run as root',
    killedBy: /-pods-admitted$/,
    change: edit(
      'Deployment purchasing/cart-v1',
      (spec) => void (spec['template'].spec.securityContext.runAsNonRoot = false),
    ),
  },
  {
    what: 'a retry condition is misspelled',
    killedBy: /-(validated|analyzed)$/,
    change: edit(
      'VirtualService purchasing/cart',
      (spec) => void (route(spec, 'reads')['retries'].retryOn = 'gateway-eror'),
    ),
  },
  {
    what: 'a route points to a host that does not exist',
    killedBy: /-analyzed$/,
    change: edit('VirtualService purchasing/cart', (spec) => {
      route(spec, 'reads')['route'][0].destination.host = 'cart-v9.purchasing.svc.cluster.local';
    }),
  },
  {
    what: 'a route points to a port that the host does not have',
    killedBy: /-analyzed$/,
    change: edit(
      'VirtualService purchasing/cart',
      (spec) => void (route(spec, 'reads')['route'][0].destination.port.number = 81),
    ),
  },
  {
    what: 'a policy selects no pod',
    killedBy: /-analyzed$/,
    change: edit(
      'AuthorizationPolicy purchasing/cart',
      (spec) => void (spec['selector'].matchLabels.app = 'carts'),
    ),
  },
];
