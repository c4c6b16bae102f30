/** How connections are encrypted: PeerAuthentications, client policies, gateways' listeners. */
import { at, isObject, listAt, textAt } from '../json';
import type { KubernetesObject } from '../resource-change';
import { ROOT_NAMESPACE } from '../../naming';
import { hostParts, THE_MESH, type Setting } from './fact';

/** From none to full protection. What is missing here protects least. */
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

export function peerFacts({ namespace, name, spec }: KubernetesObject, source: string): Setting[] {
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
export function clientFacts({ name, spec }: KubernetesObject, source: string): Setting[] {
  const inside = hostParts(textAt(spec, 'host') ?? '');
  const [port] = listAt(spec, 'trafficPolicy', 'portLevelSettings');
  const mode = textAt(port ?? at(spec, 'trafficPolicy'), 'tls', 'mode') ?? 'UNSET';
  const fact = strength(inside?.service ?? name, 'TLS of its clients', mode, source);
  return [inside?.version === undefined ? fact : { ...fact, version: inside.version }];
}

export function listenerFacts({ name, spec }: KubernetesObject, source: string): Setting[] {
  return listAt(spec, 'servers').flatMap((server) => {
    const port = String(at(server, 'port', 'number'));
    const mode = textAt(server, 'tls', 'mode') ?? textAt(server, 'port', 'protocol') ?? 'UNSET';
    const version = textAt(server, 'tls', 'minProtocolVersion');
    return [
      strength(name, `TLS at port ${port}`, mode, source),
      ...(version === undefined
        ? []
        : [
            {
              ...strength(name, `least TLS version at port ${port}`, version, source),
              value: TLS_VERSIONS.indexOf(version),
            },
          ]),
    ];
  });
}

function strength(subject: string, label: string, mode: string, source: string): Setting {
  return {
    ...({ kind: 'setting', topic: 'mtls', weaker: 'lower' } as const),
    ...{ subject, label, source, value: STRENGTH.indexOf(mode), shown: mode },
  };
}
