/** Deployments of services: identity, injection, probes, shutdown, environment, resources. */
import { createHash } from 'node:crypto';
import type { Environment } from '../../model/environment';
import type { Service, Version } from '../../model/service';
import { longestEndMs } from './declared-streams';
import { findObject } from './inventory';
import { Inspection } from './inspection';
import {
  inspectContainerSecurity,
  inspectDraining,
  inspectPodSecurity,
  inspectProbe,
  inspectRollout,
  inspectSpread,
  preStopSeconds,
} from './pod-parts';
import type { Judge } from './subject';
import { expectedVariables } from './variables';

export const servicePodsJudge: Judge = {
  name: 'service-pods',
  kinds: ['Deployment'],
  judge: (subject) => {
    const findings: string[] = [];
    for (const service of subject.environment.services)
      for (const version of service.versions) {
        const object = findObject(subject, 'Deployment', service.namespace, version.workload);
        if (object === undefined) continue;
        const inspection = Inspection.of(object, findings);
        inspectDeployment(inspection, subject.environment, service, version);
        inspection.close();
      }
    return findings;
  },
};

function inspectDeployment(
  object: Inspection,
  environment: Environment,
  service: Service,
  version: Version,
): void {
  const labels = { app: service.name, version: version.name };
  const metadata = object.child('metadata');
  metadata.is('labels', labels);
  // Reviews of plans read why the image skipped the promotion.
  metadata.is(
    'annotations',
    version.hotfix === undefined ? undefined : { 'retail-mesh/hotfix': version.hotfix },
  );
  const spec = object.child('spec');
  spec.is('selector', { matchLabels: labels });
  inspectRollout(spec);
  const template = spec.child('template');
  const pod = template.child('spec');
  template.child('metadata').is('labels', {
    ...labels,
    // Names of the service in every metric, and so in its objectives.
    'service.istio.io/canonical-name': service.name,
    'service.istio.io/canonical-revision': version.name,
    'retail-mesh/owner': service.owner,
    'retail-mesh/tier': service.tier,
    'retail-mesh/pci-scope': service.pciScope,
  });
  inspectAnnotations(template.child('metadata').child('annotations'), pod, service, version);
  pod.is('serviceAccountName', version.workload);
  // A token of the API server would be a second identity.
  pod.is('automountServiceAccountToken', false);
  // Else every Service of the namespace becomes a variable of the container.
  pod.is('enableServiceLinks', false);
  inspectPodSecurity(pod, 'application');
  // Else the user could not read what is mounted.
  if (!pod.child('securityContext').has('fsGroup')) pod.finding('securityContext has no fsGroup');
  inspectSpread(pod, labels, service.tier === 'critical');
  const [container] = pod.exactly('containers', 1);
  if (container) inspectContainer(container, environment, service, version);
  inspectVolumes(pod, service, version);
}

function inspectAnnotations(
  annotations: Inspection,
  pod: Inspection,
  service: Service,
  version: Version,
): void {
  const proxy = annotations.json('proxy.istio.io/config');
  // The container's first calls would fail without its proxy.
  proxy.is('holdApplicationUntilProxyStarts', true);
  inspectDraining(proxy, pod, longestEndMs(service));
  proxy.close();
  // Only the database connector's calls for credentials bypass the proxy.
  annotations.is(
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    service.database ? '169.254.169.254/32' : undefined,
  );
  const files = Object.entries(version.files).sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  // A new content starts new pods.
  annotations.is('retail-mesh/config-hash', files.length === 0 ? undefined : hash);
}

function inspectContainer(
  container: Inspection,
  environment: Environment,
  service: Service,
  version: Version,
): void {
  const { probes, port, adminPort, resources } = service;
  container.is('name', 'app');
  container.is('image', version.image);
  container.is('imagePullPolicy', 'IfNotPresent');
  container.is('command', service.command && [...service.command]);
  container.is('args', version.args && [...version.args]);
  container.is('ports', [
    { name: service.protocol, containerPort: port, protocol: 'TCP' },
    ...(adminPort === undefined ? [] : [{ name: 'admin', containerPort: adminPort, protocol: 'TCP' }]),
  ]);
  container.is('env', expectedVariables(environment, service, version));
  const limits = { memory: `${resources.memoryMiB}Mi`, 'ephemeral-storage': `${resources.diskMiB}Mi` };
  // No CPU limit: throttling adds latency.
  container.is('resources', { requests: { cpu: `${resources.cpuMillicores}m`, ...limits }, limits });
  inspectContainerSecurity(container);
  const probePort = probes.port === 'admin' ? (adminPort ?? port) : port;
  inspectProbe(container, 'startupProbe', {
    path: probes.livenessPath,
    port: probePort,
    fromSeconds: probes.startupSeconds,
    toSeconds: probes.startupSeconds + 10,
  });
  inspectProbe(container, 'readinessProbe', {
    path: probes.readinessPath,
    port: probePort,
    fromSeconds: 5,
    toSeconds: 20,
  });
  inspectProbe(container, 'livenessProbe', {
    path: probes.livenessPath,
    port: probePort,
    fromSeconds: 20,
    toSeconds: 60,
  });
  preStopSeconds(longestEndMs(service), container);
  container.is('volumeMounts', [
    { name: 'tmp', mountPath: '/tmp' },
    ...(service.secrets.length > 0
      ? [{ name: 'secrets', mountPath: `/var/run/secrets/${environment.mesh.name}`, readOnly: true }]
      : []),
    ...Object.keys(version.files).map((name) => ({
      name: 'config',
      mountPath: `/etc/config/${name}`,
      subPath: name,
      readOnly: true,
    })),
  ]);
}

function inspectVolumes(pod: Inspection, service: Service, version: Version): void {
  pod.is('volumes', [
    { name: 'tmp', emptyDir: { sizeLimit: `${service.resources.diskMiB}Mi` } },
    ...(service.secrets.length > 0
      ? [
          {
            name: 'secrets',
            csi: {
              driver: 'secrets-store-gke.csi.k8s.io',
              readOnly: true,
              volumeAttributes: { secretProviderClass: service.name },
            },
          },
        ]
      : []),
    ...(Object.keys(version.files).length > 0
      ? [{ name: 'config', configMap: { name: version.workload } }]
      : []),
  ]);
}
