/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- mutations reach into JSON of every kind */
import { edit, type Mutation } from './mutation';

/** What only a pod shows whose connections are redirected. */
export const INTERCEPTION_MUTATIONS: readonly Mutation[] = [
  {
    what: "the third party's own port is a port of the mesh",
    caughtBy: /^interception\/checkout-v1-never-past-the-egress-gateway/,
    change: edit('ServiceEntry egress-gateway/payment-gateway', (spec) => {
      spec['ports'].push({ number: 443, name: 'https', protocol: 'HTTPS' });
    }),
  },
  {
    what: 'the redirected proxy of checkout v1 lets everything out',
    caughtBy: /^interception\/checkout-v1-reaches-nobody-else/,
    change: edit(
      'Sidecar purchasing/checkout-v1',
      (spec) => void (spec['outboundTrafficPolicy'].mode = 'ALLOW_ANY'),
    ),
  },
  {
    what: 'the scope of checkout v1 is the whole mesh',
    caughtBy: /^interception\/checkout-v1-does-not-know/,
    change: edit('Sidecar purchasing/checkout-v1', (spec) => void (spec['egress'][0].hosts = ['*/*'])),
  },
  {
    what: 'a redirected pod takes plain text',
    caughtBy: /^interception\/checkout-v1-hears-mutual-tls-only/,
    change: edit(
      'PeerAuthentication istio-system/default',
      (spec) => void (spec['mtls'].mode = 'PERMISSIVE'),
    ),
  },
];
