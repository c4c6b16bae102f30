/** What belongs to workloads: their Services, accounts, autoscalers, disruption budgets, secrets, configuration. */
import { parse } from 'yaml';
import type { Environment } from '../../model/environment';
import { declaredBackends } from './declared-streams';
import { findObject } from './inventory';
import { Inspection } from './inspection';
import type { Judge, Labels, Subject } from './subject';

/** A workload as the catalogue declares it. */
interface DeclaredWorkload {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly object[];
  readonly type: 'ClusterIP' | undefined;
  /** Google service account that the pods may become. */
  readonly googleAccount: string | undefined;
  readonly scaling: Scaling | undefined;
}

interface Scaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCpuPercent: number;
  /** The container whose load counts; undefined for all. */
  readonly container: string | undefined;
  readonly maxUnavailable: number;
}

export const servicesJudge: Judge = {
  name: 'services',
  kinds: [
    'Service',
    'ServiceAccount',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'SecretProviderClass',
    'ConfigMap',
  ],
  judge: (subject) => {
    const findings: string[] = [];
    const inspect = inspector(subject, findings);
    for (const workload of declaredWorkloads(subject.environment)) {
      const { name, namespace } = workload;
      inspect('Service', namespace, name, (object) => inspectService(object, workload));
      inspect('ServiceAccount', namespace, name, (object) => inspectAccount(object, workload));
      inspect('HorizontalPodAutoscaler', namespace, name, (object) => inspectScaling(object, workload));
      inspect('PodDisruptionBudget', namespace, name, (object) => inspectBudget(object, workload));
    }
    for (const { name, namespace, port, protocol, versions } of subject.environment.services) {
      for (const host of [name, `${name}-streams`])
        inspect('Service', namespace, host, (object) => {
          object.child('metadata').is('labels', { app: name });
          const spec = object.child('spec');
          spec.is('ports', [{ name: protocol, port: 80, targetPort: port, protocol: 'TCP' }]);
          // The sidecars' routes split by version. Whoever has no route, and every stream, gets the stable version.
          spec.is('selector', { app: name, version: versions[0].name });
        });
      for (const { workload, files } of versions)
        inspect('ConfigMap', namespace, workload, (object) => object.is('data', { ...files }));
    }
    inspectSecrets(subject.environment, inspect);
    inspectStreamBackends(subject.environment, inspect);
    return findings;
  },
};

/** WebSockets pass the load balancer over HTTP/1.1 only. */
function inspectStreamBackends(environment: Environment, inspect: Inspect): void {
  const encrypted = environment.ingress.hopEncryption === 'certificate';
  for (const { kind } of declaredBackends(environment))
    inspect('Service', 'ingress-gateway', `ingress-gateway-${kind}`, (object) => {
      object.child('metadata').is('labels', { app: 'ingress-gateway' });
      object.is('spec', {
        type: 'ClusterIP',
        selector: { app: 'ingress-gateway' },
        ports: [
          encrypted
            ? {
                name: 'https',
                port: 443,
                targetPort: 8_443,
                protocol: 'TCP',
                appProtocol: kind === 'websockets' ? 'HTTPS' : 'HTTP2',
              }
            : { name: 'http', port: 443, targetPort: 8_080, protocol: 'TCP', appProtocol: 'HTTP' },
        ],
      });
    });
}

type Inspect = (kind: string, namespace: string, name: string, judge: (object: Inspection) => void) => void;

function inspector(subject: Subject, findings: string[]): Inspect {
  return (kind, namespace, name, judge) => {
    const object = findObject(subject, kind, namespace, name);
    if (object === undefined) return;
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    judge(inspection);
    inspection.close();
  };
}

function declaredWorkloads(environment: Environment): DeclaredWorkload[] {
  const { services, project, ingress, egress } = environment;
  const gateway = (name: string, limits: typeof ingress | typeof egress, ports: readonly object[]) => ({
    name,
    namespace: name,
    labels: { app: name },
    ports: [{ name: 'http-status', port: 15_021, targetPort: 15_021, protocol: 'TCP' }, ...ports],
    type: 'ClusterIP' as const,
    googleAccount: undefined,
    scaling: {
      minReplicas: limits.minReplicas,
      maxReplicas: limits.maxReplicas,
      targetCpuPercent: 60,
      container: undefined,
      maxUnavailable: 1,
    },
  });
  const encrypted = ingress.hopEncryption === 'certificate';
  return [
    ...services.flatMap((service) =>
      service.versions.map(({ name, workload }): DeclaredWorkload => ({
        name: workload,
        namespace: service.namespace,
        labels: { app: service.name, version: name },
        ports: [{ name: service.protocol, port: 80, targetPort: service.port, protocol: 'TCP' }],
        type: undefined,
        googleAccount: service.database
          ? `${service.name}-db@${project.id}.iam.gserviceaccount.com`
          : undefined,
        scaling: {
          minReplicas: service.autoscaling.minReplicas,
          maxReplicas: service.autoscaling.maxReplicas,
          targetCpuPercent: service.autoscaling.targetCpuPercent,
          container: 'app',
          maxUnavailable: service.disruptionBudget.maxUnavailable,
        },
      })),
    ),
    // appProtocol HTTP2 makes Google's load balancer speak TLS to the pods.
    gateway('ingress-gateway', ingress, [
      encrypted
        ? { name: 'https', port: 443, targetPort: 8_443, protocol: 'TCP', appProtocol: 'HTTP2' }
        : { name: 'http', port: 443, targetPort: 8_080, protocol: 'TCP', appProtocol: 'HTTP' },
    ]),
    gateway('egress-gateway', egress, [{ name: 'https', port: 443, targetPort: 8_443, protocol: 'TCP' }]),
    {
      name: 'metrics-frontend',
      namespace: 'kiali',
      labels: { app: 'metrics-frontend' },
      ports: [{ name: 'http', port: 9_090, targetPort: 9_090, protocol: 'TCP' }],
      type: undefined,
      googleAccount: undefined,
      scaling: undefined,
    },
  ];
}

function inspectService(object: Inspection, { labels, ports, type }: DeclaredWorkload): void {
  object.child('metadata').is('labels', labels);
  const spec = object.child('spec');
  // Without a type a Service is ClusterIP as well.
  if (type === undefined || spec.has('type')) spec.is('type', type);
  spec.is('selector', labels);
  spec.is('ports', ports);
}

function inspectAccount(object: Inspection, { labels, googleAccount }: DeclaredWorkload): void {
  const metadata = object.child('metadata');
  metadata.is('labels', labels);
  metadata.is(
    'annotations',
    googleAccount === undefined ? undefined : { 'iam.gke.io/gcp-service-account': googleAccount },
  );
  object.is('automountServiceAccountToken', false);
}

function inspectScaling(object: Inspection, { name, labels, scaling }: DeclaredWorkload): void {
  if (scaling === undefined) return;
  object.child('metadata').is('labels', labels);
  const spec = object.child('spec');
  spec.is('scaleTargetRef', { apiVersion: 'apps/v1', kind: 'Deployment', name });
  spec.is('minReplicas', scaling.minReplicas);
  spec.is('maxReplicas', scaling.maxReplicas);
  const target = { type: 'Utilization', averageUtilization: scaling.targetCpuPercent };
  // A proxy's load must not scale the application.
  spec.is('metrics', [
    scaling.container === undefined
      ? { type: 'Resource', resource: { name: 'cpu', target } }
      : {
          type: 'ContainerResource',
          containerResource: { name: 'cpu', container: scaling.container, target },
        },
    // Idle connections of a gateway cost memory only: scaled before the limit of 1 GiB.
    ...(scaling.container === undefined
      ? [
          {
            type: 'Resource',
            resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '640Mi' } },
          },
        ]
      : []),
  ]);
  if (!spec.has('behavior')) return;
  const down = spec.child('behavior').child('scaleDown');
  down.between('stabilizationWindowSeconds', 60, 600, 'pods must not come and go with every peak');
}

function inspectBudget(object: Inspection, { labels, scaling }: DeclaredWorkload): void {
  object.child('metadata').is('labels', labels);
  const spec = object.child('spec');
  spec.is('maxUnavailable', scaling?.maxUnavailable);
  spec.is('selector', { matchLabels: labels });
  // A pod that is not ready must not block the drain of its node.
  spec.is('unhealthyPodEvictionPolicy', 'AlwaysAllow');
}

function inspectSecrets({ services, project }: Environment, inspect: Inspect): void {
  const check = (
    namespace: string,
    name: string,
    files: readonly (readonly [secret: string, path: string])[],
  ) =>
    inspect('SecretProviderClass', namespace, name, (object) => {
      const spec = object.child('spec');
      spec.is('provider', 'gke');
      const parameters = spec.child('parameters');
      const declared = files.map(([secret, path]) => ({
        resourceName: `projects/${project.id}/secrets/${secret}/versions/latest`,
        path,
      }));
      const mounted = parsedYaml(parameters.text('secrets'));
      if (JSON.stringify(mounted) !== JSON.stringify(declared))
        parameters.finding(`secrets are ${JSON.stringify(mounted)} instead of ${JSON.stringify(declared)}`);
    });
  for (const { namespace, name, secrets } of services)
    check(
      namespace,
      name,
      secrets.map((secret) => [secret, secret]),
    );
  check('ingress-gateway', 'ingress-gateway', [
    ['ingress-gateway-certificate', 'tls.crt'],
    ['ingress-gateway-key', 'tls.key'],
  ]);
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
