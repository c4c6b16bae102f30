import type { Environment } from '../../../model/environment';
import type { Service } from '../../../model/service';
import {
  addressesOf,
  namespacedNames,
  objectsOf,
  objectsOfKind,
  synthEnvironment,
  type StackJson,
} from '../synth';

/** Audits that every service has all of its resources, and that every reference and dependency exists. */
export function auditResources(environment: Environment): void {
  const stacks = synthEnvironment(environment);
  const mesh = stacks.get(`${environment.name}-mesh-policies`);

  for (const service of environment.services)
    test(`${service.name} has identity, circuit breaker, scope, disruption budget, SLOs and alerts`, () => {
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
          expect([kind, namespacedNames(objectsOfKind(mesh, kind))]).toEqual([
            kind,
            expect.arrayContaining([key]),
          ]);
        }
      }
      const address = service.catalogueName.replaceAll('-', '_');
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
    });

  test('no service has more Kubernetes objects than planned', () => {
    for (const service of environment.services) {
      const prefix = `${service.catalogueName.replaceAll('-', '_')}_`;
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
      const expected = ['namespace', 'deny_all_requests', 'deny_all_connections'].map(
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
      const address = service.catalogueName.replaceAll('-', '_');
      const needed = service.versions.flatMap(({ name }) => [
        `kubernetes_manifest.${address}_${name}_service`,
        `kubernetes_manifest.${address}_${name}_destination_rule`,
      ]);
      expect(manifests[`${address}_virtual_service`]?.depends_on).toEqual(expect.arrayContaining(needed));
    }
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
}

function mostObjectsOf(service: Service): number {
  return service.versions.length > 1 ? 24 : 14;
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
