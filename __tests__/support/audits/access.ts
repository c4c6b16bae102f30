import { CallGraph } from '../../../model/call-graph';
import { principal } from '../../../model/naming';
import type { Environment } from '../../../model/environment';
import { allowedEdges } from '../allowed-edges';
import { namespacedNames, objectsOfKind, synthEnvironment } from '../synth';

/** Audits who may call whom, read what, and with which proof. */
export function auditAccess(environment: Environment): void {
  const stacks = synthEnvironment(environment);
  const mesh = stacks.get(`${environment.name}-mesh-policies`);
  const policies = objectsOfKind(mesh, 'AuthorizationPolicy');

  test('exactly the calls and routes of the catalogue are allowed', () => {
    const routes = environment.services
      .filter(({ ingress }) => ingress.length > 0)
      .map(({ name }) => `${name} ← ingress-gateway`);
    const calls = environment.services.flatMap(({ versions }) =>
      versions.flatMap(({ workload, calls: inside, externalCalls }) => [
        ...inside.map(({ service }) => `${service} ← ${workload}`),
        ...externalCalls.map(({ external }) => `${external} ← ${workload}`),
      ]),
    );
    expect(allowedEdges(environment, policies)).toEqual([...new Set([...routes, ...calls])].sort());
  });

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
        // Routes of two services with the same methods and requirement share a rule.
        const rules = atGateway?.spec.rules.filter(({ to: [{ operation }] }: any) =>
          [
            operation.hosts.includes(environment.domainNames[route.host]),
            route.methods.every((method) => operation.methods.includes(method)),
            route.paths.every((path) => operation.paths.includes(path)),
          ].every(Boolean),
        );
        expect(rules.map((rule: any) => rule.from?.[0].source.requestPrincipals)).toEqual([issuer]);
      }
      expect(namespacedNames(objectsOfKind(mesh, 'RequestAuthentication'))).toContain(
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
    // A canary keeps its grants between releases.
    const expected = environment.services.flatMap(({ name, secrets, canaryPolicy, namespace }) =>
      secrets.flatMap((secret) =>
        ['v1', ...(canaryPolicy ? [canaryPolicy.version] : [])].map(
          (version) => `${reference(secret)} ${role} ns/${namespace}/sa/${name}-${version}`,
        ),
      ),
    );
    const gateway = ['ingress-gateway-certificate', 'ingress-gateway-key'].map(
      (secret) => `${reference(secret)} ${role} ns/ingress-gateway/sa/ingress-gateway`,
    );
    expect(granted.sort()).toEqual([...expected, ...gateway].sort());
  });

  test('no secrets and no absolute paths of a machine', () => {
    for (const stack of stacks.values()) {
      expect(JSON.stringify(stack)).not.toMatch(
        /-----BEGIN|AIza[0-9A-Za-z_-]{35}|"(password|private_key|secret_data)"|"\/(home|root|work|Users)\//,
      );
    }
  });
}
