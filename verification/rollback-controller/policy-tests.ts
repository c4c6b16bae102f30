/** Which writes the API server refuses because of weight caps. */
import {
  releaseOf,
  canaryVersion,
  renderWeightCap,
  weightCapName,
  WEIGHT_CAP_NAMESPACE,
  type WeightCap,
} from '../../model/canary/weight-cap';
import { ACKNOWLEDGED_ANNOTATION, SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { WEIGHT_CAP_LABELS } from '../../model/canary/weight-cap';
import type { Service } from '../../model/service';
import { assertThat, type LabTest, type Observation } from '../support/lab-test';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { controllerTests } from './controller-tests';
import { refused, ROUTE, type MakeTest } from './refusal';
import { weighted, type Route, type Shop } from './shop';

export function weightCapOf(service: Service, maximumWeightPercent: number, incident: string): WeightCap {
  const canary = canaryVersion(service);
  if (canary === undefined) throw new Error(`${service.name} has no canary`);
  return {
    service: service.name,
    host: canary.host,
    release: releaseOf(canary),
    maximumWeightPercent,
    action: maximumWeightPercent === 0 ? 'rollback' : 'pause',
    incident,
    time: '2030-01-31T10:00:00Z',
  };
}

function annotated(route: Route, name: string, value: string | undefined): Route {
  const annotations = { ...route.metadata.annotations };
  if (value === undefined) delete annotations[name];
  else annotations[name] = value;
  return { ...route, metadata: { ...route.metadata, annotations } };
}

export function policyTests(shop: Shop, service: Service): LabTest[] {
  const [mesh] = shop.committed(service.name).filter(({ spec }) => spec.gateways.includes('mesh'));
  if (mesh === undefined) throw new Error(`${service.name} has no route that splits traffic`);
  const put = (route: Route) => shop.terraform.apply(route, { force: true });
  const labTest = (id: string, title: string, run: () => Promise<Observation | string>): LabTest => ({
    id: `policy/${id}`,
    title,
    run: async () => {
      await shop.reset();
      const observation = await run();
      return typeof observation === 'string' ? { seen: observation } : observation;
    },
  });
  const capped = /is capped at/;

  return [
    labTest('no-weight-cap', 'without a weight cap every weight is accepted', async () => {
      for (const percent of [0, 25, 100]) await put(weighted(mesh, service.name, percent));
      return 'three weights accepted';
    }),
    labTest('rolled-back', 'after a rollback no write may send traffic to the release', async () => {
      await put(weighted(mesh, service.name, 0));
      await shop.write(weightCapOf(service, 0, '0.a'));
      return refused(put(weighted(mesh, service.name, 1)), capped);
    }),
    labTest('paused', 'after a pause the weight may be kept or lowered, not raised', async () => {
      await put(weighted(mesh, service.name, 10));
      await shop.write(weightCapOf(service, 10, '0.b'));
      await put(weighted(mesh, service.name, 10));
      await put(weighted(mesh, service.name, 5));
      return refused(put(weighted(mesh, service.name, 25)), capped);
    }),
    labTest('lowest', 'the lower of two weight caps applies', async () => {
      await put(weighted(mesh, service.name, 0));
      await shop.write(weightCapOf(service, 10, '0.c'));
      await shop.write(weightCapOf(service, 0, '0.d'));
      return refused(put(weighted(mesh, service.name, 10)), capped);
    }),
    labTest('other-release', 'a weight cap does not apply to another image', async () => {
      await shop.write(weightCapOf(service, 0, '0.e'));
      await put(
        annotated(weighted(mesh, service.name, 25), SPLIT_ANNOTATIONS.release + service.name, 'sha256:new'),
      );
      return 'accepted';
    }),
    labTest(
      'acknowledged',
      'the weight cap of an acknowledged incident has no effect, that of a later one has',
      async () => {
        await put(weighted(mesh, service.name, 0));
        await shop.write(weightCapOf(service, 0, '0.f'));
        await put(annotated(weighted(mesh, service.name, 25), ACKNOWLEDGED_ANNOTATION, '0.x 0.f'));
        await put(annotated(weighted(mesh, service.name, 0), ACKNOWLEDGED_ANNOTATION, '0.x 0.f'));
        await shop.write(weightCapOf(service, 0, '0.g'));
        return refused(
          put(annotated(weighted(mesh, service.name, 25), ACKNOWLEDGED_ANNOTATION, '0.x 0.f')),
          /incident 0\.g/,
        );
      },
    ),
    labTest(
      'part-of-an-id',
      'an incident is not acknowledged by an id that contains its own or is contained in it',
      async () => {
        await put(weighted(mesh, service.name, 0));
        await shop.write(weightCapOf(service, 0, '0.ff'));
        return refused(
          put(annotated(weighted(mesh, service.name, 25), ACKNOWLEDGED_ANNOTATION, '0.f 0.fff')),
          capped,
        );
      },
    ),
    labTest(
      'no-release',
      'every weight cap of the host applies to a route without the release annotation',
      async () => {
        await put(weighted(mesh, service.name, 0));
        await shop.write(weightCapOf(service, 0, '0.h'));
        return refused(
          put(
            annotated(weighted(mesh, service.name, 25), SPLIT_ANNOTATIONS.release + service.name, undefined),
          ),
          capped,
        );
      },
    ),
    labTest(
      'short-host',
      'a weight cap applies to the short name of the host, and to routes in other namespaces',
      async () => {
        await put(weighted(mesh, service.name, 0));
        await shop.write(weightCapOf(service, 0, '0.i'));
        const host = canaryVersion(service)?.workload ?? '';
        const rule = { name: 'x', route: [{ destination: { host } }] };
        const route = (namespace: string, http: unknown): KubernetesManifest => ({
          ...ROUTE,
          metadata: { name: 'detour', namespace },
          spec: { hosts: ['detour.example'], http },
        });
        await refused(shop.terraform.apply(route(service.namespace, [rule])), capped);
        const full = [{ name: 'x', route: [{ destination: { host: canaryVersion(service)?.host } }] }];
        return refused(shop.terraform.apply(route('default', full)), capped);
      },
    ),
    labTest('other-protocols', 'a weight cap applies to routes of TLS and TCP', async () => {
      await put(weighted(mesh, service.name, 0));
      await shop.write(weightCapOf(service, 0, '0.t'));
      const route = [{ destination: { host: canaryVersion(service)?.host } }];
      const detour = (name: string, rules: object): KubernetesManifest => ({
        ...ROUTE,
        metadata: { name, namespace: service.namespace },
        spec: { hosts: ['detour.example'], ...rules },
      });
      const tls = { tls: [{ match: [{ port: 443, sniHosts: ['detour.example'] }], route }] };
      await refused(shop.terraform.apply(detour('detour-tls', tls)), capped);
      return refused(shop.terraform.apply(detour('detour-tcp', { tcp: [{ route }] })), capped);
    }),
    labTest('relative-weights', 'weights that do not add up to 100 are compared by their share', async () => {
      await put(weighted(mesh, service.name, 10));
      await shop.write(weightCapOf(service, 10, '0.j'));
      const http = mesh.spec.http.map((rule) => ({
        ...rule,
        route: rule.route.map((destination) => ({ ...destination, weight: 1 })),
      }));
      return refused(put({ ...mesh, spec: { ...mesh.spec, http } }), capped);
    }),
    ...recordTests(shop, service, labTest),
    ...controllerTests(shop, mesh, labTest),
  ];
}

function recordTests(shop: Shop, service: Service, labTest: MakeTest): LabTest[] {
  const reference = (incident: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: weightCapName(weightCapOf(service, 0, incident)),
    namespace: WEIGHT_CAP_NAMESPACE,
  });
  const immutable = /cannot be changed or deleted/;
  return [
    labTest(
      'not-edited',
      'a weight cap cannot be edited, relabelled or deleted, not even by an administrator',
      async () => {
        await shop.write(weightCapOf(service, 0, '0.k'));
        const raise = { data: { maximumWeightPercent: '100' } };
        await refused(
          shop.terraform.patch(reference('0.k'), 'merge-patch', raise),
          /field is immutable/,
          422,
        );
        const unlabel = { metadata: { labels: { [WEIGHT_CAP_LABELS.weightCap]: null } } };
        await refused(shop.terraform.patch(reference('0.k'), 'merge-patch', unlabel), immutable);
        await refused(
          shop.terraform.delete({ apiVersion: 'v1', kind: 'Namespace', name: WEIGHT_CAP_NAMESPACE }),
          immutable,
        );
        return refused(shop.terraform.delete(reference('0.k')), immutable);
      },
    ),
    labTest('break-glass', 'the group of platform administrators may delete a weight cap', async () => {
      await shop.write(weightCapOf(service, 0, '0.l'));
      await shop.reset();
      assertThat((await shop.weightCaps()).length === 0, 'the weight cap still exists');
      return 'deleted';
    }),
    labTest('well-formed', 'an invalid weight cap is refused', async () => {
      const valid = renderWeightCap(weightCapOf(service, 5, '0.m'));
      const invalid: object[] = [
        { ...valid, data: { ...valid.data, maximumWeightPercent: 'five' } },
        { ...valid, data: { ...valid.data, maximumWeightPercent: '101' } },
        { ...valid, data: { ...valid.data, action: 'rollback' } },
        { ...valid, data: { ...valid.data, release: '' } },
        { ...valid, data: { ...valid.data, more: 'x' } },
        { ...valid, immutable: false },
        { ...valid, metadata: { ...valid.metadata, namespace: 'default' } },
        {
          ...valid,
          metadata: { ...valid.metadata, name: valid.metadata.name.replace(service.name, 'cart') },
        },
      ];
      for (const object of invalid)
        await refused(
          shop.terraform.create(object as KubernetesManifest),
          /immutable ConfigMap|no such key/,
          422,
        );
      return `${invalid.length} invalid weight caps refused`;
    }),
    labTest('duplicate', 'a second weight cap of one incident and release is refused with 409', async () => {
      await shop.write(weightCapOf(service, 5, '0.n'));
      return refused(shop.write(weightCapOf(service, 5, '0.n')), /already exists/, 409);
    }),
  ];
}
