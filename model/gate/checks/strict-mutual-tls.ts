import { textsIn, type GateCheck, type Manifest } from '../gate-check';

export const strictMutualTls: GateCheck = {
  id: 'GAT-001',
  title: 'Mutual TLS is strict and never disabled',
  severity: 'error',
  rationale:
    'A permissive server accepts plain text from the network, and a client with TLS disabled sends it (PCI DSS 4.2.1).',
  source: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
  fix: "use 'STRICT' in PeerAuthentications and 'ISTIO_MUTUAL' in DestinationRules",
  check: (stack) =>
    stack.manifests.flatMap((manifest) =>
      modesOf(manifest).map(({ path, text }) => ({
        address: manifest.address,
        message: `${path} is '${text}'`,
      })),
    ),
};

function modesOf({ kind, body }: Manifest) {
  const modes = textsIn(body).filter(({ path }) => path.endsWith('.mode'));
  if (kind === 'PeerAuthentication') return modes.filter(({ text }) => text !== 'STRICT');
  if (kind === 'DestinationRule') return modes.filter(({ text }) => text === 'DISABLE');
  return [];
}
