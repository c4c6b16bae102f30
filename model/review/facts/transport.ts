/** How connections are encrypted, from PeerAuthentications, DestinationRules and Gateways. */
import { at, isObject, listAt, textAt } from '../json';
import type { ParsedManifest } from '../resource-change';
import { ROOT_NAMESPACE } from '../../naming';
import { hostParts, THE_MESH, type Setting } from './fact';

/** From no protection to full. A mode that is not listed counts as the weakest. */
const STRENGTH = [
  'DISABLE',
  'HTTP',
  'PASSTHROUGH',
  'UNSET',
  'PERMISSIVE',
  'SIMPLE',
  'HTTPS',
  'MUTUAL',
  'ISTIO_MUTUAL',
  'STRICT',
];
const TLS_VERSIONS = ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'];

export function mutualTlsFacts({ namespace, name, spec }: ParsedManifest, source: string): Setting[] {
  const selected = textAt(spec, 'selector', 'matchLabels', 'app');
  const subject = selected ?? (namespace === ROOT_NAMESPACE ? THE_MESH : namespace);
  const ports = at(spec, 'portLevelMtls');
  return [
    strength(subject, 'mutual TLS', textAt(spec, 'mtls', 'mode') ?? 'UNSET', source),
    ...Object.entries(isObject(ports) ? ports : {}).map(([port, settings]) =>
      strength(subject, `mutual TLS on port ${port} (${name})`, textAt(settings, 'mode') ?? 'UNSET', source),
    ),
  ];
}

/** How clients connect to a host. */
export function clientTlsFacts({ name, spec }: ParsedManifest, source: string): Setting[] {
  const inside = hostParts(textAt(spec, 'host') ?? '');
  const [port] = listAt(spec, 'trafficPolicy', 'portLevelSettings');
  const mode = textAt(port ?? at(spec, 'trafficPolicy'), 'tls', 'mode') ?? 'UNSET';
  const fact = strength(inside?.service ?? name, 'client TLS', mode, source);
  return [inside?.version === undefined ? fact : { ...fact, version: inside.version }];
}

export function listenerFacts({ name, spec }: ParsedManifest, source: string): Setting[] {
  return listAt(spec, 'servers').flatMap((server) => {
    const port = String(at(server, 'port', 'number'));
    const mode = textAt(server, 'tls', 'mode') ?? textAt(server, 'port', 'protocol') ?? 'UNSET';
    const fact = strength(name, `TLS on port ${port}`, mode, source);
    const version = textAt(server, 'tls', 'minProtocolVersion');
    if (version === undefined) return [fact];
    const minimum = strength(name, `minimum TLS version on port ${port}`, version, source);
    return [fact, { ...minimum, value: TLS_VERSIONS.indexOf(version) }];
  });
}

function strength(subject: string, label: string, mode: string, source: string): Setting {
  return {
    kind: 'setting',
    topic: 'mtls',
    weaker: 'lower',
    subject,
    label,
    source,
    value: STRENGTH.indexOf(mode),
    display: mode,
  };
}
