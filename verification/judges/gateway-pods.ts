/** Deployments that belong to no service: the gateways, and the frontend of the metrics. */
import type { Environment } from '../../model/environment';
import { longestEndMs, publicStreamsOf } from './declared-streams';
import { findObject } from './inventory';
import { Inspection } from './inspection';
import {
  inspectContainerSecurity,
  inspectDraining,
  inspectPodSecurity,
  inspectProbe,
  inspectRollout,
  inspectSpread,
} from './pod-parts';
import type { Judge } from './subject';

/** The load balancer writes the client's address and its own. */
const ADDRESSES_OF_LOAD_BALANCER = 2;

export const gatewayPodsJudge: Judge = {
  name: 'gateway-pods',
  kinds: ['Deployment'],
  judge: (subject) => {
    const findings: string[] = [];
    const { environment } = subject;
    for (const name of ['ingress-gateway', 'egress-gateway'] as const) {
      const object = findObject(subject, 'Deployment', name, name);
      if (object === undefined) continue;
      const inspection = Inspection.of(object, findings);
      inspectGateway(inspection, name, environment);
      inspection.close();
    }
    const frontend = findObject(subject, 'Deployment', 'kiali', 'metrics-frontend');
    if (frontend !== undefined) {
      const inspection = Inspection.of(frontend, findings);
      inspectMetricsFrontend(inspection, environment.project.id);
      inspection.close();
    }
    return findings;
  },
};

function longestRequestMs(name: string, environment: Environment): number {
  const { services, externals } = environment;
  return name === 'egress-gateway'
    ? Math.max(...externals.map(({ timeoutMs }) => timeoutMs))
    : Math.max(
        0,
        ...services
          .filter(({ ingress }) => ingress.length > 0)
          .map((service) => longestEndMs(service, publicStreamsOf(environment, service))),
      );
}

function inspectGateway(object: Inspection, name: string, environment: Environment): void {
  const labels = { app: name };
  object.child('metadata').is('labels', labels);
  const spec = object.child('spec');
  spec.is('selector', { matchLabels: labels });
  inspectRollout(spec);
  const template = spec.child('template');
  const pod = template.child('spec');
  template.child('metadata').is('labels', {
    ...labels,
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': 'v1',
    // The injector makes a proxy of the container, which has no image of its own.
    'sidecar.istio.io/inject': 'true',
  });
  const annotations = template.child('metadata').child('annotations');
  annotations.is('inject.istio.io/templates', 'gateway');
  const proxy = annotations.json('proxy.istio.io/config');
  inspectDraining(proxy, pod, longestRequestMs(name, environment));
  // Else a client could write its own address, and the egress gateway would believe the applications.
  proxy.is(
    'gatewayTopology',
    name === 'ingress-gateway' ? { numTrustedProxies: ADDRESSES_OF_LOAD_BALANCER } : undefined,
  );
  proxy.close();
  pod.is('serviceAccountName', name);
  pod.is('automountServiceAccountToken', false);
  inspectPodSecurity(pod, 'injected');
  inspectSpread(pod, labels, true);
  const [container] = pod.exactly('containers', 1);
  const hasCertificate = name === 'ingress-gateway' && environment.ingress.hopEncryption === 'certificate';
  if (container) inspectProxy(container, hasCertificate);
  pod.is(
    'volumes',
    hasCertificate
      ? [
          {
            name: 'certificate',
            csi: {
              driver: 'secrets-store-gke.csi.k8s.io',
              readOnly: true,
              volumeAttributes: { secretProviderClass: name },
            },
          },
        ]
      : undefined,
  );
}

function inspectProxy(container: Inspection, hasCertificate: boolean): void {
  container.is('name', 'istio-proxy');
  container.is('image', 'auto');
  container.is('ports', [
    { name: 'http', containerPort: 8_080, protocol: 'TCP' },
    { name: 'https', containerPort: 8_443, protocol: 'TCP' },
    { name: 'status', containerPort: 15_021, protocol: 'TCP' },
  ]);
  inspectResources(container, {
    cpuMillicores: [100, 1_000],
    memoryMiB: [128, 1_024],
    limitMiB: [512, 4_096],
  });
  inspectProbe(container, 'readinessProbe', {
    path: '/healthz/ready',
    port: 15_021,
    fromSeconds: 5,
    toSeconds: 20,
  });
  inspectContainerSecurity(container);
  container.is(
    'volumeMounts',
    hasCertificate
      ? [{ name: 'certificate', mountPath: '/var/run/secrets/ingress-certificate', readOnly: true }]
      : undefined,
  );
}

interface ResourceLimits {
  readonly cpuMillicores: readonly [number, number];
  readonly memoryMiB: readonly [number, number];
  readonly limitMiB: readonly [number, number];
}

/** Requests that the autoscaler and the scheduler count with, and limits against a leak; no CPU limit. */
function inspectResources(container: Inspection, limits: ResourceLimits): void {
  const resources = container.child('resources');
  const requests = resources.child('requests');
  const most = resources.child('limits');
  const check = (of: Inspection, key: string, [lowest, highest]: readonly [number, number]) => {
    const value = quantity(of.text(key));
    if (!(value >= lowest && value <= highest)) of.finding(`${key} is not from ${lowest} to ${highest}`);
  };
  check(requests, 'cpu', limits.cpuMillicores);
  check(requests, 'memory', limits.memoryMiB);
  check(requests, 'ephemeral-storage', [32, 512]);
  check(most, 'memory', limits.limitMiB);
  check(most, 'ephemeral-storage', [32, 512]);
}

/** Millicores, or MiB. */
function quantity(text: string): number {
  const [, number = 'x', unit] = /^(\d+)(m|Mi|Gi)$/.exec(text) ?? [];
  return Number(number) * (unit === 'Gi' ? 1_024 : 1);
}

function inspectMetricsFrontend(object: Inspection, project: string): void {
  const labels = { app: 'metrics-frontend' };
  object.child('metadata').is('labels', labels);
  const spec = object.child('spec');
  spec.is('replicas', 1);
  spec.is('selector', { matchLabels: labels });
  const template = spec.child('template');
  template.child('metadata').is('labels', labels);
  const pod = template.child('spec');
  pod.is('serviceAccountName', 'metrics-frontend');
  pod.is('automountServiceAccountToken', false);
  inspectPodSecurity(pod, 'application');
  const [container] = pod.exactly('containers', 1);
  if (container === undefined) return;
  container.neutral('name');
  // Google's own image; binary authorization admits no other of this registry.
  if (!/^gke\.gcr\.io\/prometheus-engine\/frontend:v\d+\.\d+\.\d+-gke\.\d+$/.test(container.text('image')))
    container.finding("image is not a release of Google's frontend");
  container.is('imagePullPolicy', 'Always');
  container.is('args', ['--web.listen-address=:9090', `--query.project-id=${project}`]);
  container.is('ports', [{ name: 'http', containerPort: 9_090, protocol: 'TCP' }]);
  container.is('readinessProbe', { httpGet: { path: '/-/ready', port: 'http' } });
  container.is('livenessProbe', { httpGet: { path: '/-/healthy', port: 'http' } });
  inspectResources(container, { cpuMillicores: [10, 200], memoryMiB: [32, 256], limitMiB: [64, 512] });
  inspectContainerSecurity(container);
}
