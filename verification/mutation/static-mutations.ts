/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations reach into JSON of every kind */
import { edit, type Mutation } from './mutation';

export const STATIC_MUTATIONS: readonly Mutation[] = [
  {
    what: 'a field of a VirtualService is misspelt',
    caughtBy: /-admitted$/,
    change: edit('VirtualService purchasing/cart', (spec) => void (spec['http'][0].timeOut = '1s')),
  },
  {
    what: 'a field of a NetworkPolicy is misspelt',
    caughtBy: /-admitted$/,
    change: edit('NetworkPolicy purchasing/cart-v1', (spec) => void (spec['policyType'] = ['Ingress'])),
  },
  {
    what: 'a mode of TLS does not exist',
    caughtBy: /-admitted$/,
    change: edit(
      'DestinationRule purchasing/cart-v1',
      (spec) => void (spec['trafficPolicy'].tls.mode = 'MUTUALLY'),
    ),
  },
  {
    what: 'a disruption budget says two things',
    caughtBy: /-admitted$/,
    change: edit('PodDisruptionBudget purchasing/cart-v1', (spec) => void (spec['minAvailable'] = 1)),
  },
  {
    what: 'an autoscaler has more pods at least than at most',
    caughtBy: /-admitted$/,
    change: edit('HorizontalPodAutoscaler purchasing/cart-v1', (spec) => void (spec['minReplicas'] = 100)),
  },
  {
    what: 'a pod may run as root',
    caughtBy: /-pods-admitted$/,
    change: edit(
      'Deployment purchasing/cart-v1',
      (spec) => void (spec['template'].spec.securityContext.runAsNonRoot = false),
    ),
  },
  {
    what: 'a retry condition is misspelt',
    caughtBy: /-(validated|analyzed)$/,
    change: edit(
      'VirtualService purchasing/cart',
      (spec) => void (spec['http'][0].retries.retryOn = 'gateway-eror'),
    ),
  },
  {
    what: 'a route leads to a host that does not exist',
    caughtBy: /-analyzed$/,
    change: edit('VirtualService purchasing/cart', (spec) => {
      spec['http'][0].route[0].destination.host = 'cart-v9.purchasing.svc.cluster.local';
    }),
  },
  {
    what: 'a route leads to a port that the host does not have',
    caughtBy: /-analyzed$/,
    change: edit(
      'VirtualService purchasing/cart',
      (spec) => void (spec['http'][0].route[0].destination.port.number = 81),
    ),
  },
  {
    what: 'a policy selects no pod',
    caughtBy: /-analyzed$/,
    change: edit(
      'AuthorizationPolicy purchasing/cart',
      (spec) => void (spec['selector'].matchLabels.app = 'carts'),
    ),
  },
];
