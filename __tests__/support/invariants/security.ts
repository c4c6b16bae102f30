/** Invariants of encryption, authorization and egress. */
import { INGRESS_GATEWAY } from '../../../model/naming';
import { except, ofKind, type Invariant, type SynthesizedShop } from './invariant';

const trafficPolicies = (spec: any): any[] => [
  spec.trafficPolicy,
  ...(spec.trafficPolicy.portLevelSettings ?? []),
];

export const SECURITY_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'service-entries': (shop) =>
    except(shop, 'ServiceEntry', ({ spec }) => {
      const { resolution, hosts, endpoints, addresses } = spec;
      if (resolution === 'DNS')
        return hosts.length === 1 && !hosts[0].includes('*') && endpoints === undefined;
      if (resolution === 'STATIC') return addresses.length > 0 && endpoints.length > 0;
      const tcp = spec.ports.some(({ protocol }: any) => protocol === 'TCP');
      return endpoints === undefined && (!tcp || addresses.length > 0);
    }),

  egress: (shop) =>
    shop.environment.externals.flatMap(({ host, port }) => {
      const routes =
        ofKind(shop, 'VirtualService').find(({ spec }) => spec.hosts.includes(host))?.spec.http ?? [];
      const legs = routes.map(
        (http: any) => `${http.match[0].gateways?.[0]} → ${http.route[0].destination.host}`,
      );
      // The third party's real port must not be in the registry: TLS to it would bypass the gateway.
      const ports = ofKind(shop, 'ServiceEntry')
        .filter(({ spec }) => spec.hosts.includes(host))
        .flatMap(({ spec }) => spec.ports);
      const tls = ofKind(shop, 'DestinationRule')
        .filter(({ spec }) => spec.host === host)
        .flatMap(({ spec }) => spec.trafficPolicy.portLevelSettings)
        .find((setting: any) => setting.port.number === ports[0]?.number)?.tls;
      const complete =
        ports.length === 1 &&
        ports[0].protocol === 'HTTP' &&
        ports[0].targetPort === port &&
        legs.includes('mesh → egress-gateway.egress-gateway.svc.cluster.local') &&
        legs.includes(`egress-gateway → ${host}`) &&
        tls?.mode === 'SIMPLE' &&
        [tls.sni, tls.caCertificates, tls.subjectAltNames[0]].every(Boolean);
      return complete ? [] : [host];
    }),

  'mesh-tls': (shop) =>
    except(shop, 'DestinationRule', ({ spec }) =>
      trafficPolicies(spec).every(({ tls }) => {
        if (tls === undefined) return true;
        if (tls.mode === 'ISTIO_MUTUAL') return Object.keys(tls).length === 1;
        return tls.mode === 'SIMPLE' && !spec.host.endsWith('.svc.cluster.local');
      }),
    ),

  strict: (shop) => {
    const found = ofKind(shop, 'PeerAuthentication').map(({ metadata, spec }) => [metadata.namespace, spec]);
    const expected = [['istio-system', { mtls: { mode: 'STRICT' } }]];
    return JSON.stringify(found) === JSON.stringify(expected) ? [] : [JSON.stringify(found)];
  },

  'default-deny': (shop) => [...withoutDefaultDeny(shop), ...edgesNotAllowedOnce(shop)],

  tokens: (shop) =>
    except(
      shop,
      'RequestAuthentication',
      ({ metadata, spec }) =>
        // Without a route that requires a token, the gateway still verifies a token that it gets.
        (metadata.namespace === INGRESS_GATEWAY.namespace && !requiresTokens(shop)) ||
        ofKind(shop, 'AuthorizationPolicy')
          .filter((policy) => policy.metadata.namespace === metadata.namespace)
          .filter((policy) => JSON.stringify(policy.spec.selector) === JSON.stringify(spec.selector))
          .some(({ spec: { rules } }) => JSON.stringify(rules).includes('"requestPrincipals"')),
    ),

  'policy-language': (shop) => {
    const domain = `${shop.environment.project.id}.svc.id.goog/`;
    return [
      ...except(shop, 'AuthorizationPolicy', ({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW'),
      ...except(shop, 'AuthorizationPolicy', ({ spec }) =>
        (spec.rules ?? []).every(({ from = [] }: any) =>
          from.every(({ source }: any) =>
            (source.principals ?? []).every((name: string) => name.startsWith(domain)),
          ),
        ),
      ),
    ];
  },
};

function requiresTokens({ environment }: SynthesizedShop): boolean {
  return environment.services.some(({ ingress }) => ingress.some(({ jwt }) => jwt === 'required'));
}

function withoutDefaultDeny(shop: SynthesizedShop): string[] {
  const denied = ofKind(shop, 'AuthorizationPolicy')
    .filter(({ spec }) => JSON.stringify(spec) === '{}')
    .map(({ metadata }) => metadata.namespace);
  const namespaces = ofKind(shop, 'Namespace').map(({ metadata }) => metadata.name);
  return [...namespaces, 'istio-system'].filter(
    (name) => denied.filter((other) => other === name).length !== 1,
  );
}

function edgesNotAllowedOnce(shop: SynthesizedShop): string[] {
  const expected = shop.environment.services.flatMap((service) =>
    service.versions.flatMap((version) =>
      version.calls.map(
        (call) => `${version.workload} → ${call.service}: ${call.methods.join()} ${call.paths.join()}`,
      ),
    ),
  );
  const allowed = ofKind(shop, 'AuthorizationPolicy').flatMap((policy) =>
    (policy.spec.rules ?? []).flatMap(({ from = [], to }: any) =>
      from.flatMap(({ source }: any) =>
        (source.principals ?? [])
          .map((name: string) => name.slice(name.lastIndexOf('/') + 1))
          .filter((name: string) => name !== 'ingress-gateway')
          .flatMap((name: string) =>
            to.map(
              ({ operation }: any) =>
                `${name} → ${policy.metadata.name}: ${operation.methods.join()} ${operation.paths.join()}`,
            ),
          ),
      ),
    ),
  );
  const inMesh = allowed.filter((edge: string) => !edge.includes('→ egress-gateway'));
  return JSON.stringify([...inMesh].sort()) === JSON.stringify([...expected].sort())
    ? []
    : [`allowed ${inMesh.join('; ')}, called ${expected.join('; ')}`];
}
