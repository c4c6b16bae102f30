/** Google's load balancer in front of the mesh, and the listeners of the gateways. */
import type { Environment } from '../../model/environment';
import { declaredBackends, type DeclaredBackend } from './declared-streams';
import { Inspection } from './inspection';
import type { Judge, Subject } from './subject';

const NAME = 'ingress-gateway';

export const edgeJudge: Judge = {
  name: 'edge',
  kinds: ['Gateway', 'HTTPRoute', 'GCPBackendPolicy', 'HealthCheckPolicy', 'GCPGatewayPolicy'],
  judge: (subject) => {
    const findings: string[] = [];
    const { environment } = subject;
    const inspect = inspector(subject, findings);
    inspect('networking.istio.io', 'Gateway', NAME, NAME, (object) =>
      inspectIngressListener(object, environment),
    );
    inspect('networking.istio.io', 'Gateway', 'egress-gateway', 'egress-gateway', inspectEgressListener);
    inspect('gateway.networking.k8s.io', 'Gateway', NAME, 'public', (object) =>
      inspectLoadBalancer(object, environment),
    );
    inspect('networking.gke.io', 'GCPBackendPolicy', NAME, NAME, (object) =>
      inspectBackend(object, environment),
    );
    inspect('networking.gke.io', 'HealthCheckPolicy', NAME, NAME, (object) =>
      inspectHealthCheck(object, NAME),
    );
    for (const backend of declaredBackends(environment)) inspectStreamBackend(inspect, environment, backend);
    inspect('networking.gke.io', 'GCPGatewayPolicy', NAME, 'public', (object) =>
      object.is('spec', {
        // TLS 1.2 or newer: the network stack defines the policy.
        default: { sslPolicy: `${environment.mesh.name}-tls` },
        targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' },
      }),
    );
    const hostnames = [...new Set([environment.domainNames.web, environment.domainNames.api])];
    for (const [name, sectionName, rule] of [
      [environment.mesh.name, 'https', { backendRefs: [{ name: NAME, port: 443 }] }],
      [
        `${environment.mesh.name}-redirect`,
        'http',
        { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
      ],
    ] as const)
      inspect('gateway.networking.k8s.io', 'HTTPRoute', NAME, name, (object) =>
        object.is('spec', { parentRefs: [{ name: 'public', sectionName }], hostnames, rules: [rule] }),
      );
    return findings;
  },
};

function inspector({ objects }: Subject, findings: string[]) {
  return (
    group: string,
    kind: string,
    namespace: string,
    name: string,
    judge: (object: Inspection) => void,
  ) => {
    const object = objects.find(
      ({ apiVersion, kind: itsKind, metadata }) =>
        apiVersion.startsWith(`${group}/`) &&
        itsKind === kind &&
        metadata.namespace === namespace &&
        metadata.name === name,
    );
    if (object === undefined) return;
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    judge(inspection);
    inspection.close();
  };
}

function inspectIngressListener(object: Inspection, { ingress, domainNames }: Environment): void {
  const encrypted = ingress.hopEncryption === 'certificate';
  object.is('spec', {
    selector: { app: NAME },
    servers: [
      encrypted
        ? {
            port: { number: 8_443, name: 'https', protocol: 'HTTPS' },
            // The load balancer sends no SNI. Routes match the Host header.
            hosts: ['*'],
            tls: {
              mode: 'SIMPLE',
              serverCertificate: '/var/run/secrets/ingress-certificate/tls.crt',
              privateKey: '/var/run/secrets/ingress-certificate/tls.key',
              minProtocolVersion: 'TLSV1_2',
            },
          }
        : {
            port: { number: 8_080, name: 'http', protocol: 'HTTP' },
            hosts: [...new Set([domainNames.web, domainNames.api])],
          },
    ],
  });
}

function inspectEgressListener(object: Inspection): void {
  object.is('spec', {
    selector: { app: 'egress-gateway' },
    servers: [
      {
        port: { number: 8_443, name: 'https', protocol: 'HTTPS' },
        hosts: ['*'],
        // Callers are known by their certificates.
        tls: { mode: 'ISTIO_MUTUAL' },
      },
    ],
  });
}

function inspectLoadBalancer(object: Inspection, { mesh }: Environment): void {
  object.child('metadata').is('annotations', { 'networking.gke.io/certmap': `${mesh.name}-certificates` });
  // Routes of other namespaces must not attach to the public address.
  const allowedRoutes = { namespaces: { from: 'Same' } };
  object.is('spec', {
    gatewayClassName: 'gke-l7-global-external-managed',
    addresses: [{ type: 'NamedAddress', value: `${mesh.name}-public` }],
    listeners: [
      { name: 'https', protocol: 'HTTPS', port: 443, allowedRoutes },
      { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes },
    ],
  });
}

/** Streams leave the load balancer by backends of their own, so that their time limit holds for nothing else. */
function inspectStreamBackend(
  inspect: ReturnType<typeof inspector>,
  { mesh, domainNames }: Environment,
  { kind, timeoutsSeconds, paths }: DeclaredBackend,
): void {
  const name = `${NAME}-${kind}`;
  const longest = Math.max(...timeoutsSeconds);
  inspect('networking.gke.io', 'HealthCheckPolicy', NAME, name, (object) => inspectHealthCheck(object, name));
  inspect('networking.gke.io', 'GCPBackendPolicy', NAME, name, (object) => {
    const spec = object.child('spec');
    spec.is('targetRef', { group: '', kind: 'Service', name });
    const policy = spec.child('default');
    policy.is('securityPolicy', `${mesh.name}-edge`);
    policy.between(
      'timeoutSec',
      kind === 'streams' ? longest + 1 : longest,
      kind === 'streams' ? longest + 10 : longest,
      'the gateway ends a stream first, the load balancer an idle WebSocket',
    );
    policy
      .child('connectionDraining')
      .between('drainingTimeoutSec', 30, 300, 'streams end before a pod leaves');
    policy.is('logging', { enabled: true, sampleRate: 1_000_000 });
  });
  for (const host of ['web', 'api'] as const)
    inspect('gateway.networking.k8s.io', 'HTTPRoute', NAME, `${mesh.name}-${kind}-${host}`, (object) =>
      object.is('spec', {
        parentRefs: [{ name: 'public', sectionName: 'https' }],
        hostnames: [domainNames[host]],
        rules: [
          {
            matches: (paths.get(domainNames[host]) ?? []).map((path) => ({
              path: path.endsWith('/*')
                ? { type: 'PathPrefix', value: path.slice(0, -2) }
                : { type: 'Exact', value: path },
            })),
            backendRefs: [{ name, port: 443 }],
          },
        ],
      }),
    );
}

function inspectBackend(object: Inspection, { mesh, services }: Environment): void {
  const spec = object.child('spec');
  spec.is('targetRef', { group: '', kind: 'Service', name: NAME });
  const policy = spec.child('default');
  // Cloud Armor.
  policy.is('securityPolicy', `${mesh.name}-edge`);
  const longest =
    Math.max(0, ...services.filter(({ ingress }) => ingress.length > 0).map((it) => it.timeoutMs)) / 1_000;
  policy.between(
    'timeoutSec',
    Math.ceil(longest) + 1,
    Math.ceil(longest) + 10,
    'the timeout of the service ends a request first',
  );
  const draining = policy.child('connectionDraining');
  draining.between('drainingTimeoutSec', longest, 300, 'requests in progress end before a pod leaves');
  // The only record of requests that Cloud Armor refuses.
  policy.is('logging', { enabled: true, sampleRate: 1_000_000 });
}

function inspectHealthCheck(object: Inspection, service: string): void {
  object.is('spec', {
    default: {
      config: { type: 'HTTP', httpHealthCheck: { port: 15_021, requestPath: '/healthz/ready' } },
    },
    targetRef: { group: '', kind: 'Service', name: service },
  });
}
