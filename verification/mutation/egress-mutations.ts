/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-assignment -- mutations reach into JSON of every kind */
import { alike, edit, operation, policy, route, sources, type Json, type Mutation } from './mutation';

const THIRD_PARTY = 'egress-gateway/payment-gateway';

const tls = (spec: Json) => policy(spec)['portLevelSettings'][0].tls as Json;

/** Ways out. */
export const EGRESS_MUTATIONS: readonly Mutation[] = [
  {
    what: 'the third party is called past the egress gateway',
    caughtBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(`VirtualService ${THIRD_PARTY}`, (spec) => {
      route(spec, 'to-egress-gateway')['route'][0].destination.host = 'api.payment-gateway.example';
    }),
  },
  {
    what: 'the third party learns who asks',
    caughtBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      `VirtualService ${THIRD_PARTY}`,
      (spec) => void delete route(spec, 'to-third-party')['headers'],
    ),
  },
  {
    what: "the third party's certificate may be by any authority",
    caughtBy: /^egress\/payment-gateway-must-prove/,
    change: edit(`DestinationRule ${THIRD_PARTY}`, (spec) => {
      const settings = tls(spec);
      delete settings['caCertificates'];
      delete settings['subjectAltNames'];
      settings['insecureSkipVerify'] = true;
    }),
  },
  {
    what: "the third party's certificate must be of another name",
    caughtBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      `DestinationRule ${THIRD_PARTY}`,
      (spec) => void (tls(spec)['subjectAltNames'] = ['impostor.invalid']),
    ),
  },
  {
    what: 'the egress gateway lets cart out',
    caughtBy: /^egress\/cart-v1-never-reaches/,
    change: edit('AuthorizationPolicy egress-gateway/egress-gateway', (spec) => {
      const { principals } = sources(spec, 0) as { principals: string[] };
      principals.push(alike(principals, 'ns/purchasing/sa/cart-v1'));
    }),
  },
  {
    what: 'payment may ask the third party for anything',
    caughtBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      'AuthorizationPolicy egress-gateway/egress-gateway',
      (spec) => void delete operation(spec, 1)['paths'],
    ),
  },
  {
    what: 'the proxy of payment lets everything out',
    caughtBy: /^egress\/payment-v1-reaches-no-unknown-host/,
    change: edit(
      'Sidecar payments/payment-v1',
      (spec) => void (spec['outboundTrafficPolicy'].mode = 'ALLOW_ANY'),
    ),
  },
  {
    what: 'order-management does not know the database',
    caughtBy: /^egress\/database/,
    change: edit('Sidecar fulfilment/order-management-v1', (spec) => {
      spec['egress'][0].hosts = spec['egress'][0].hosts.filter((host: string) => !host.includes('database'));
    }),
  },
];
