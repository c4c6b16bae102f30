import { CallGraph } from '../../model/call-graph';
import { principal } from '../../model/naming';
import type { Service } from '../../model/service';
import {
  addressesOf,
  objectsOf,
  objectsOfKind,
  shop,
  synthEnvironment,
  type StackJson,
} from '../support/synth';

/** The required call graph, by identity. Nothing else may be allowed. */
const REQUIRED_EDGES = [
  'cart-v1 ← checkout-v1',
  'cart-v1 ← checkout-v2',
  'cart-v1 ← ingress-gateway',
  'checkout ← ingress-gateway',
  'frontend-v1 ← ingress-gateway',
  'order-management-v1 ← checkout-v1',
  'payment-gateway ← checkout-v1',
  'payment-gateway ← checkout-v2',
  'payment-gateway ← payment-v1',
  'payment-v1 ← checkout-v1',
  'payment-v1 ← checkout-v2',
  'product-catalog-v1 ← ingress-gateway',
  'recommendation-v1 ← product-catalog-v1',
  'user-profile-v1 ← ingress-gateway',
].map((edge) => edge.replace(/-v1 ←/, ' ←'));

describe.each(shop.environments)('in $name', (environment) => {
  const stacks = synthEnvironment(environment);
  const mesh = stacks.get(`${environment.name}-mesh-policies`);
  const policies = objectsOfKind(mesh, 'AuthorizationPolicy');

  test('exactly the required edges are allowed', () => {
    const allowed = policies.flatMap((policy) =>
      (policy.spec.rules ?? []).flatMap((rule: any) =>
        (rule.from ?? []).flatMap(({ source }: any) =>
          (source.principals ?? []).flatMap((name: string) =>
            calleesOf(policy, rule).map((callee) => `${callee} ← ${name.slice(name.lastIndexOf('/') + 1)}`),
          ),
        ),
      ),
    );
    expect([...new Set(allowed)].sort()).toEqual([...REQUIRED_EDGES].sort());
  });

  /** At the egress gateway the callee is the third party whose host the rule has. */
  function calleesOf(policy: { metadata: { name: string } }, rule: any): string[] {
    if (policy.metadata.name !== 'egress-gateway') return [policy.metadata.name];
    return environment.externals
      .filter((external) => rule.to.some(({ operation }: any) => operation.hosts.includes(external.host)))
      .map((external) => external.name);
  }

  test('allowed methods and paths are those of the catalogue', () => {
    const graph = new CallGraph(environment);
    for (const service of environment.services) {
      const policy = policies.find(({ metadata }) => metadata.name === service.name);
      for (const rule of policy?.spec.rules ?? []) {
        for (const name of rule.from[0].source.principals) {
          const edges = graph
            .callersOf(service.name)
            .filter(
              ({ caller }) =>
                principal(environment.project.id, caller.namespace, caller.serviceAccount) === name,
            );
          const [{ operation }] = rule.to;
          expect(edges).toContainEqual(
            expect.objectContaining({ methods: operation.methods, paths: operation.paths }),
          );
        }
      }
    }
  });

  test('policies of a route with a token require the issuer, at the gateway and at the service', () => {
    for (const service of environment.services) {
      const routes = service.ingress.filter(({ jwt }) => jwt === 'required');
      if (routes.length === 0) continue;
      const issuer = [`${environment.jwt.issuer}/*`];
      const atService = policies.find(({ metadata }) => metadata.name === service.name);
      const fromGateway = atService?.spec.rules.filter((rule: any) =>
        rule.from[0].source.principals.some((name: string) => name.endsWith('/ingress-gateway')),
      );
      expect(fromGateway.map((rule: any) => rule.from[0].source.requestPrincipals)).toEqual(
        routes.map(() => issuer),
      );

      const atGateway = policies.find(({ metadata }) => metadata.name === 'ingress-gateway');
      for (const route of routes) {
        const rules = atGateway?.spec.rules.filter(
          (rule: any) => rule.to[0].operation.paths.join() === route.paths.join(),
        );
        expect(rules.map((rule: any) => rule.from?.[0].source.requestPrincipals)).toEqual([issuer]);
      }
      expect(names(objectsOfKind(mesh, 'RequestAuthentication'))).toContain(
        `${service.namespace}/${service.name}`,
      );
    }
  });

  test('every namespace has default deny for requests and for connections', () => {
    const denied = policies
      .filter(({ spec }) => Object.keys(spec).length === 0)
      .map(({ metadata }) => metadata.namespace);
    const namespaces = objectsOfKind(mesh, 'Namespace').map(({ metadata }) => metadata.name);
    const isolated = objectsOfKind(mesh, 'NetworkPolicy')
      .filter(({ spec }) => Object.keys(spec.podSelector).length === 0 && !spec.ingress && !spec.egress)
      .map(({ metadata }) => metadata.namespace);

    expect(denied.sort()).toEqual([...namespaces, 'istio-system'].sort());
    expect(isolated.sort()).toEqual(namespaces.sort());
  });

  test('mutual TLS is strict everywhere and disabled nowhere', () => {
    const peers = objectsOfKind(mesh, 'PeerAuthentication');
    expect(peers.map(({ metadata, spec }) => [metadata.namespace, spec.mtls.mode])).toEqual([
      ['istio-system', 'STRICT'],
    ]);
    expect(JSON.stringify(mesh)).not.toMatch(/PERMISSIVE|"DISABLE"/);
  });

  test.each(environment.services)(
    '$name has identity, circuit breaker, scope, disruption budget, SLOs and alerts',
    (service) => {
      for (const version of service.versions) {
        const key = `${service.namespace}/${version.workload}`;
        for (const kind of [
          'ServiceAccount',
          'Deployment',
          'Service',
          'DestinationRule',
          'HorizontalPodAutoscaler',
          'PodDisruptionBudget',
          'Sidecar',
          'NetworkPolicy',
        ]) {
          expect([kind, names(objectsOfKind(mesh, kind))]).toEqual([kind, expect.arrayContaining([key])]);
        }
      }
      const address = service.name.replaceAll('-', '_');
      expect(addressesOf(mesh)).toEqual(
        expect.arrayContaining([
          `google_monitoring_service.${address}_slo_service`,
          `google_monitoring_slo.${address}_slo_availability_objective`,
          `google_monitoring_slo.${address}_slo_latency_objective`,
          ...(service.tier === 'critical' ? ['page', 'ticket'] : ['ticket']).flatMap((severity) => [
            `google_monitoring_alert_policy.${address}_slo_availability_${severity}`,
            `google_monitoring_alert_policy.${address}_slo_latency_${severity}`,
          ]),
          `google_monitoring_alert_policy.${address}_slo_absence`,
        ]),
      );
    },
  );

  test.each(environment.services)('$name has the same routes in the mesh and at the gateway', (service) => {
    const virtualServices = objectsOfKind(mesh, 'VirtualService').filter(
      ({ metadata }) => metadata.namespace === service.namespace,
    );
    const inMesh = virtualServices.find(({ metadata }) => metadata.name === service.name);
    const atGateway = virtualServices.filter(({ metadata }) =>
      [`${service.name}-web`, `${service.name}-api`].includes(metadata.name),
    );
    expect(atGateway).toHaveLength(new Set(service.ingress.map(({ host }) => host)).size);

    const behaviour = ({ name, route, timeout, retries }: any) => ({ name, route, timeout, retries });
    const expected = inMesh?.spec.http.map(behaviour);
    for (const { spec } of atGateway) {
      for (const route of spec.http) expect(expected).toContainEqual(behaviour(route));
    }
    for (const { route, retries, timeout } of inMesh?.spec.http ?? []) {
      expect(route.reduce((sum: number, { weight }: any) => sum + weight, 0)).toBe(100);
      expect(retries.attempts).toBeDefined();
      expect(timeout).toBeDefined();
    }
  });

  test('only reads are retried if the request may have arrived', () => {
    for (const { spec } of objectsOfKind(mesh, 'VirtualService')) {
      for (const { retries, name } of spec.http) {
        if (retries.attempts === 0 || name === 'reads') continue;
        expect(
          retries.retryOn
            .split(',')
            .filter((on: string) => !['connect-failure', 'refused-stream'].includes(on)),
        ).toEqual([]);
      }
      const reads = spec.http.filter(({ name }: any) => name === 'reads').flatMap(({ match }: any) => match);
      for (const { method } of reads) expect(['GET', 'HEAD']).toContain(method.exact);
    }
  });

  test('the certificate of the calling workload is not sent to third parties', () => {
    const outerLegs = objectsOfKind(mesh, 'VirtualService')
      .flatMap(({ spec }) => spec.http)
      .filter(({ name }: any) => name === 'to-third-party');
    expect(outerLegs).toHaveLength(environment.externals.length);
    for (const { headers } of outerLegs) expect(headers.request.remove).toContain('x-forwarded-client-cert');
  });

  test('a Sidecar scope has every callee and its versions, and nothing else of the mesh', () => {
    const graph = new CallGraph(environment);
    for (const service of environment.services) {
      for (const version of service.versions) {
        const scope = objectsOfKind(mesh, 'Sidecar').find(
          ({ metadata }) => metadata.name === version.workload,
        );
        const meshHosts = scope?.spec.egress[0].hosts.filter(
          (host: string) => /svc\.cluster\.local$/.test(host) && !host.startsWith('egress-gateway/'),
        );
        const expected = graph
          .calleesOf(version)
          .flatMap((callee) =>
            [callee.host, ...callee.versions.map(({ host }) => host)].map(
              (host) => `${callee.namespace}/${host}`,
            ),
          );
        expect([version.workload, meshHosts]).toEqual([version.workload, expected]);
      }
    }
  });

  test('no service has more Kubernetes objects than planned', () => {
    for (const service of environment.services) {
      const prefix = `${service.name.replaceAll('-', '_')}_`;
      const count = [...objectsOf(mesh).keys()].filter(
        (address) => address.startsWith(prefix) && !address.startsWith(`${prefix}domain`),
      ).length;
      expect([service.name, count <= mostObjectsOf(service)]).toEqual([service.name, true]);
    }
  });

  test('every reference exists', () => {
    for (const [id, stack] of stacks) {
      const known = new Set([
        ...addressesOf(stack),
        ...Object.entries(stack.data ?? {}).flatMap(([type, all]) =>
          Object.keys(all).map((name) => `data.${type}.${name}`),
        ),
        ...Object.keys(stack.locals ?? {}).map((name) => `local.${name}`),
      ]);
      for (const reference of referencesOf(stack))
        expect([id, reference, known.has(reference)]).toEqual([id, reference, true]);
    }
  });

  test('every object of a namespace depends on the namespace and its default deny', () => {
    const manifests = mesh?.resource?.['kubernetes_manifest'] ?? {};
    const defaultDeny = Object.entries(manifests).filter(([, { manifest }]) => manifest.kind === 'Namespace');
    expect(defaultDeny).not.toEqual([]);
    for (const [address, { manifest: namespace }] of defaultDeny) {
      const prefix = address.replace(/_?namespace$/, '_').replace(/^_/, '');
      const expected = ['namespace', 'deny_all_requests', 'deny_all_packets'].map(
        (name) => `kubernetes_manifest.${prefix}${name}`,
      );
      for (const [other, { manifest, depends_on: dependsOn = [] }] of Object.entries(manifests)) {
        if (
          manifest.metadata.namespace !== namespace.metadata.name ||
          expected.includes(`kubernetes_manifest.${other}`)
        )
          continue;
        // Directly, or through another object of the namespace.
        const direct = expected.every((required) => dependsOn.includes(required));
        const indirect = dependsOn.some((name: string) =>
          expected.every((required) =>
            (manifests[name.split('.')[1] ?? '']?.depends_on ?? []).includes(required),
          ),
        );
        expect([other, direct || indirect]).toEqual([other, true]);
      }
    }
  });

  test('routes depend on the Services and DestinationRules of the versions', () => {
    const manifests = mesh?.resource?.['kubernetes_manifest'] ?? {};
    for (const service of environment.services) {
      const address = service.name.replaceAll('-', '_');
      const needed = service.versions.flatMap(({ name }) => [
        `kubernetes_manifest.${address}_${name}_service`,
        `kubernetes_manifest.${address}_${name}_destination_rule`,
      ]);
      expect(manifests[`${address}_virtual_service`]?.depends_on).toEqual(expect.arrayContaining(needed));
    }
  });

  test('only identities that mount a secret can read it', () => {
    const grants = Object.values(
      stacks.get(`${environment.name}-data`)?.resource?.['google_secret_manager_secret_iam_member'] ?? {},
    );
    const granted = grants.map(({ secret_id: secret, member, role }) =>
      [secret, role, member.slice(member.lastIndexOf('/subject/') + 9)].join(' '),
    );

    const role = 'roles/secretmanager.secretAccessor';
    const reference = (secret: string) =>
      `\${google_secret_manager_secret.secrets_${secret.replaceAll('-', '_')}.id}`;
    const expected = environment.services.flatMap(({ secrets, versions, namespace }) =>
      secrets.flatMap((secret) =>
        versions.map(({ workload }) => `${reference(secret)} ${role} ns/${namespace}/sa/${workload}`),
      ),
    );
    const gateway =
      environment.ingress.hopEncryption === 'certificate'
        ? ['ingress-gateway-certificate', 'ingress-gateway-key'].map(
            (secret) => `${reference(secret)} ${role} ns/ingress-gateway/sa/ingress-gateway`,
          )
        : [];
    expect(granted.sort()).toEqual([...expected, ...gateway].sort());
  });

  test('every output that a stack reads from another exists', () => {
    for (const stack of stacks.values()) {
      for (const [, producer, output] of JSON.stringify(stack).matchAll(
        /terraform_remote_state\.cross_stack_reference_input_([a-z_]+)\.outputs\.([A-Za-z0-9_]+)/g,
      )) {
        const id = [...stacks.keys()].find((candidate) => candidate.replaceAll('-', '_') === producer);
        expect(Object.keys(stacks.get(id ?? '')?.output ?? {})).toContain(output);
      }
    }
  });

  test('no secrets and no absolute paths of a machine', () => {
    for (const stack of stacks.values()) {
      expect(JSON.stringify(stack)).not.toMatch(
        /-----BEGIN|AIza[0-9A-Za-z_-]{35}|"(password|private_key|secret_data)"|"\/(home|root|work|Users)\//,
      );
    }
  });
});

function mostObjectsOf(service: Service): number {
  return service.versions.length > 1 ? 24 : 14;
}

function names(
  objects: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[],
): string[] {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

/** `${type.name.attribute}` and bare `type.name` in depends_on, as `type.name`. */
function referencesOf(stack: StackJson): string[] {
  const found = new Set<string>();
  const text =
    JSON.stringify(stack.resource ?? {}) +
    JSON.stringify(stack.output ?? {}) +
    JSON.stringify(stack.provider);
  for (const [, reference] of text.matchAll(/(?<!\$)\$\{((?:data\.)?[a-z0-9_]+\.[a-z0-9_]+)[.}[]/g)) {
    if (reference && reference !== 'terraform.workspace') found.add(reference);
  }
  for (const resources of Object.values(stack.resource ?? {})) {
    for (const { depends_on: dependsOn = [] } of Object.values(resources))
      for (const reference of dependsOn) found.add(reference);
  }
  return [...found];
}
