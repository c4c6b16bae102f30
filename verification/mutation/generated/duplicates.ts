/** Second objects beside those of the catalogue, which add to them or compete with them. */
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';

type Json = Readonly<Record<string, unknown>>;

/** Changes of the copy's spec that widen it, by kind. Every kind also gets a plain copy. */
const WIDER: Readonly<Record<string, readonly ((spec: Json) => Json)[]>> = {
  AuthorizationPolicy: [
    (spec) => ({ ...spec, action: 'ALLOW', rules: [{}] }),
    ({ selector: _, ...spec }) => ({ ...spec, rules: [{ to: [{ operation: { paths: ['/*'] } }] }] }),
  ],
  RequestAuthentication: [
    (spec) => ({
      ...spec,
      jwtRules: [{ issuer: 'https://issuer.example', jwksUri: 'https://issuer.example/keys' }],
    }),
  ],
  PeerAuthentication: [() => ({ mtls: { mode: 'PERMISSIVE' } })],
  Sidecar: [
    (spec) => ({ ...spec, egress: [{ hosts: ['*/*'] }], outboundTrafficPolicy: { mode: 'ALLOW_ANY' } }),
  ],
  ServiceEntry: [(spec) => ({ ...spec, hosts: ['exfiltration.example'] })],
  NetworkPolicy: [
    (spec) => ({ ...spec, ingress: [{}], egress: [{}] }),
    (spec) => ({ ...spec, podSelector: {}, policyTypes: ['Egress'], egress: [{}] }),
  ],
  Service: [(spec) => ({ ...spec, type: 'LoadBalancer' })],
  VirtualService: [(spec) => ({ ...spec, http: (spec['http'] as unknown[]).slice(-1) })],
  HTTPRoute: [(spec) => ({ ...spec, hostnames: ['lab.example'] })],
  RoleBinding: [],
};

export function duplicatesOf(object: KubernetesManifest): KubernetesManifest[] {
  const changes = WIDER[object.kind] ?? [];
  const copy = (suffix: string): KubernetesManifest => ({
    ...object,
    metadata: { ...object.metadata, name: `${object.metadata.name}-${suffix}` },
  });
  const wider = changes.map((change, index) => ({
    ...copy(`wider-${index + 1}`),
    spec: change(object['spec'] as Json),
  }));
  return [copy('copy'), ...wider];
}
