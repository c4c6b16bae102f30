/** What the API server refuses, and whom. */
import {
  releaseOf,
  canaryVersion,
  renderWeightCap,
  weightCapName,
  WEIGHT_CAP_NAMESPACE,
  type WeightCap,
} from '../../model/canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { WEIGHT_CAP_LABELS } from '../../model/canary/weight-cap';
import type { Service } from '../../model/service';
import { assertThat, type LabTest, type Evidence } from '../support/lab-test';
import type { KubernetesObject } from '../kubernetes/kubernetes-object';
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

function annotated(route: Route, name: keyof typeof SPLIT_ANNOTATIONS, value: string | undefined): Route {
  const annotations = { ...route.metadata.annotations };
  if (value === undefined) delete annotations[SPLIT_ANNOTATIONS[name]];
  else annotations[SPLIT_ANNOTATIONS[name]] = value;
  return { ...route, metadata: { ...route.metadata, annotations } };
}

export function policyTests(shop: Shop, service: Service): LabTest[] {
  const [mesh] = shop.committed(service.name).filter(({ spec }) => spec.gateways.includes('mesh'));
  if (mesh === undefined) throw new Error(`${service.name} has no split`);
  const put = (route: Route) => shop.terraform.apply(route, { force: true });
  const labTest = (id: string, title: string, prove: () => Promise<Evidence | string>): LabTest => ({
    id: `policy/${id}`,
    title,
    run: async () => {
      await shop.reset();
      const evidence = await prove();
      return typeof evidence === 'string' ? { seen: evidence } : evidence;
    },
  });
  const held = /is held at/;

  return [
    labTest('no-ceiling', 'without a ceiling every weight may be written', async () => {
      for (const percent of [0, 25, 100]) await put(weighted(mesh, percent));
      return 'three weights written';
    }),
    labTest('rolled-back', 'after a rollback nobody sends traffic to this release', async () => {
      await put(weighted(mesh, 0));
      await shop.write(weightCapOf(service, 0, '0.a'));
      return refused(put(weighted(mesh, 1)), held);
    }),
    labTest('paused', 'a pause holds the weight, lets it go down, and not up', async () => {
      await put(weighted(mesh, 10));
      await shop.write(weightCapOf(service, 10, '0.b'));
      await put(weighted(mesh, 10));
      await put(weighted(mesh, 5));
      return refused(put(weighted(mesh, 25)), held);
    }),
    labTest('lowest', 'of two ceilings the lower holds', async () => {
      await put(weighted(mesh, 0));
      await shop.write(weightCapOf(service, 10, '0.c'));
      await shop.write(weightCapOf(service, 0, '0.d'));
      return refused(put(weighted(mesh, 10)), held);
    }),
    labTest('other-release', 'another image is free', async () => {
      await shop.write(weightCapOf(service, 0, '0.e'));
      await put(annotated(weighted(mesh, 25), 'release', 'sha256:new'));
      return 'written';
    }),
    labTest('acknowledged', 'an acknowledged incident holds no longer, a later one does', async () => {
      await put(weighted(mesh, 0));
      await shop.write(weightCapOf(service, 0, '0.f'));
      await put(annotated(weighted(mesh, 25), 'acknowledged', '0.x 0.f'));
      await put(annotated(weighted(mesh, 0), 'acknowledged', '0.x 0.f'));
      await shop.write(weightCapOf(service, 0, '0.g'));
      return refused(put(annotated(weighted(mesh, 25), 'acknowledged', '0.x 0.f')), /incident 0\.g/);
    }),
    labTest('part-of-an-id', 'an id that begins like an acknowledged one is not acknowledged', async () => {
      await put(weighted(mesh, 0));
      await shop.write(weightCapOf(service, 0, '0.ff'));
      return refused(put(annotated(weighted(mesh, 25), 'acknowledged', '0.f 0.fff')), held);
    }),
    labTest('no-release', 'a route that tells no release is held by every ceiling of the host', async () => {
      await put(weighted(mesh, 0));
      await shop.write(weightCapOf(service, 0, '0.h'));
      return refused(put(annotated(weighted(mesh, 25), 'release', undefined)), held);
    }),
    labTest(
      'short-host',
      'a short name of the host, alone or in another namespace, is the host',
      async () => {
        await put(weighted(mesh, 0));
        await shop.write(weightCapOf(service, 0, '0.i'));
        const host = canaryVersion(service)?.workload ?? '';
        const rule = { name: 'x', route: [{ destination: { host } }] };
        const route = (namespace: string, http: unknown): KubernetesObject => ({
          ...ROUTE,
          metadata: { name: 'detour', namespace },
          spec: { hosts: ['detour.example'], http },
        });
        await refused(shop.terraform.apply(route(service.namespace, [rule])), held);
        const full = [{ name: 'x', route: [{ destination: { host: canaryVersion(service)?.host } }] }];
        return refused(shop.terraform.apply(route('default', full)), held);
      },
    ),
    labTest(
      'relative-weights',
      'weights that do not add up to 100 are taken for what they mean',
      async () => {
        await put(weighted(mesh, 10));
        await shop.write(weightCapOf(service, 10, '0.j'));
        const http = mesh.spec.http.map((rule) => ({
          ...rule,
          route: rule.route.map((destination) => ({ ...destination, weight: 1 })),
        }));
        return refused(put({ ...mesh, spec: { ...mesh.spec, http } }), held);
      },
    ),
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
  const never = /never changed or deleted/;
  return [
    labTest(
      'not-edited',
      'a ceiling is not edited, relabelled or deleted, not even by an administrator',
      async () => {
        await shop.write(weightCapOf(service, 0, '0.k'));
        const raise = { data: { maximumWeightPercent: '100' } };
        await refused(
          shop.terraform.patch(reference('0.k'), 'merge-patch', raise),
          /field is immutable/,
          422,
        );
        const unlabel = { metadata: { labels: { [WEIGHT_CAP_LABELS.weightCap]: null } } };
        await refused(shop.terraform.patch(reference('0.k'), 'merge-patch', unlabel), never);
        await refused(
          shop.terraform.delete({ apiVersion: 'v1', kind: 'Namespace', name: WEIGHT_CAP_NAMESPACE }),
          never,
        );
        return refused(shop.terraform.delete(reference('0.k')), never);
      },
    ),
    labTest('break-glass', 'the group of platform administrators may remove a ceiling', async () => {
      await shop.write(weightCapOf(service, 0, '0.l'));
      await shop.reset();
      assertThat((await shop.weightCaps()).length === 0, 'it is still there');
      return 'removed';
    }),
    labTest('well-formed', 'a ceiling that could not be read is not let in', async () => {
      const good = renderWeightCap(weightCapOf(service, 5, '0.m'));
      const corrupted: object[] = [
        { ...good, data: { ...good.data, maximumWeightPercent: 'five' } },
        { ...good, data: { ...good.data, maximumWeightPercent: '101' } },
        { ...good, data: { ...good.data, action: 'rollback' } },
        { ...good, data: { ...good.data, release: '' } },
        { ...good, data: { ...good.data, more: 'x' } },
        { ...good, immutable: false },
        { ...good, metadata: { ...good.metadata, namespace: 'default' } },
        { ...good, metadata: { ...good.metadata, name: good.metadata.name.replace(service.name, 'cart') } },
      ];
      for (const object of corrupted)
        await refused(
          shop.terraform.create(object as KubernetesObject),
          /immutable ConfigMap|no such key/,
          422,
        );
      return `${corrupted.length} spoilt ceilings refused`;
    }),
    labTest('duplicate', 'a second ceiling of one incident and release is refused as there', async () => {
      await shop.write(weightCapOf(service, 5, '0.n'));
      return refused(shop.write(weightCapOf(service, 5, '0.n')), /already exists/, 409);
    }),
  ];
}
