/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-assignment -- mutations change arbitrary JSON */
import { principalLike, edit, operation, policy, route, sources, type Json, type Mutation } from './mutation';

const THIRD_PARTY = 'egress-gateway/payment-gateway';

const tls = (spec: Json) => policy(spec)['portLevelSettings'][0].tls as Json;

/** Calls out of the mesh. */
export const EGRESS_MUTATIONS: readonly Mutation[] = [
  {
    what: 'calls to the third party bypass the egress gateway',
    killedBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(`VirtualService ${THIRD_PARTY}`, (spec) => {
      route(spec, 'to-egress-gateway')['route'][0].destination.host = 'api.payment-gateway.example';
    }),
  },
  {
    what: 'the third party receives the identity of the client',
    killedBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      `VirtualService ${THIRD_PARTY}`,
      (spec) => void delete route(spec, 'to-third-party')['headers'],
    ),
  },
  {
    what: "the third party's certificate is not verified",
    killedBy: /^egress\/certificate-of-payment-gateway-is-verified/,
    change: edit(`DestinationRule ${THIRD_PARTY}`, (spec) => {
      const settings = tls(spec);
      delete settings['caCertificates'];
      delete settings['subjectAltNames'];
      settings['insecureSkipVerify'] = true;
    }),
  },
  {
    what: "another name is expected in the third party's certificate",
    killedBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      `DestinationRule ${THIRD_PARTY}`,
      (spec) => void (tls(spec)['subjectAltNames'] = ['wrong-name.invalid']),
    ),
  },
  {
    what: 'the egress gateway accepts requests of cart',
    killedBy: /^egress\/cart-v1-cannot-reach/,
    change: edit('AuthorizationPolicy egress-gateway/egress-gateway', (spec) => {
      const { principals } = sources(spec, 0) as { principals: string[] };
      principals.push(principalLike(principals, 'ns/purchasing/sa/cart-v1'));
    }),
  },
  {
    what: 'payment may call every path of the third party',
    killedBy: /^egress\/payment-v1-reaches-payment-gateway/,
    change: edit(
      'AuthorizationPolicy egress-gateway/egress-gateway',
      (spec) => void delete operation(spec, 1)['paths'],
    ),
  },
  {
    what: 'the proxy of payment forwards to unknown hosts',
    killedBy: /^egress\/payment-v1-cannot-reach-unknown-hosts/,
    change: edit(
      'Sidecar payments/payment-v1',
      (spec) => void (spec['outboundTrafficPolicy'].mode = 'ALLOW_ANY'),
    ),
  },
  {
    what: 'the scope of order-management lacks the database',
    killedBy: /^egress\/database/,
    change: edit('Sidecar fulfilment/order-management-v1', (spec) => {
      spec['egress'][0].hosts = spec['egress'][0].hosts.filter((host: string) => !host.includes('database'));
    }),
  },
];
