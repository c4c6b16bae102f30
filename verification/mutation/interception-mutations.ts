/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- mutations change arbitrary JSON */
import { edit, type Mutation } from './mutation';

/** Detected only by a pod whose connections are redirected. */
export const INTERCEPTION_MUTATIONS: readonly Mutation[] = [
  {
    what: "the third party's port is also a port of its ServiceEntry",
    killedBy: /^interception\/checkout-v1-cannot-bypass-the-egress-gateway/,
    change: edit('ServiceEntry egress-gateway/payment-gateway', (spec) => {
      spec['ports'].push({ number: 443, name: 'https', protocol: 'HTTPS' });
    }),
  },
  {
    what: 'the redirected proxy of checkout v1 forwards to unknown hosts',
    killedBy: /^interception\/checkout-v1-cannot-reach-unknown-destinations/,
    change: edit(
      'Sidecar purchasing/checkout-v1',
      (spec) => void (spec['outboundTrafficPolicy'].mode = 'ALLOW_ANY'),
    ),
  },
  {
    what: 'the scope of checkout v1 includes the whole mesh',
    killedBy: /^interception\/checkout-v1-cannot-reach/,
    change: edit('Sidecar purchasing/checkout-v1', (spec) => void (spec['egress'][0].hosts = ['*/*'])),
  },
  {
    what: 'a redirected pod accepts plain text',
    killedBy: /^interception\/checkout-v1-accepts-mutual-tls-only/,
    change: edit(
      'PeerAuthentication istio-system/default',
      (spec) => void (spec['mtls'].mode = 'PERMISSIVE'),
    ),
  },
];
