/** What the API server refuses, and whom. */
import {
  releaseOf,
  canaryOf,
  renderCeiling,
  ceilingName,
  CEILING_NAMESPACE,
  type Ceiling,
} from '../../model/canary/ceiling';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import type { Service } from '../../model/service';
import { insist, Refuted, type Claim, type Evidence } from '../claim';
import { ApiError } from '../kubernetes/api-error';
import type { KubernetesObject } from '../kubernetes/kubernetes-object';
import { weighted, type Route, type Shop } from './shop';

const ROUTE = { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService' };

/** Ends with the refusal's words; refutes the claim if the request goes through or fails otherwise. */
async function refused(request: Promise<unknown>, words: RegExp, code = 403): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    insist(error.code === code && words.test(error.message), `${error.code}: ${error.message}`);
    return error.message;
  }
  throw new Refuted('the request went through');
}

export function ceilingOf(service: Service, maximumWeightPercent: number, incident: string): Ceiling {
  const canary = canaryOf(service);
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

export function policyClaims(shop: Shop, service: Service): Claim[] {
  const [mesh] = shop.committed(service.name).filter(({ spec }) => spec.gateways.includes('mesh'));
  if (mesh === undefined) throw new Error(`${service.name} has no split`);
  const put = (route: Route) => shop.terraform.apply(route, { force: true });
  const claim = (id: string, title: string, prove: () => Promise<Evidence | string>): Claim => ({
    id: `policy/${id}`,
    title,
    prove: async () => {
      await shop.reset();
      const evidence = await prove();
      return typeof evidence === 'string' ? { seen: evidence } : evidence;
    },
  });
  const held = /is held at/;

  return [
    claim('no-ceiling', 'without a ceiling every weight may be written', async () => {
      for (const percent of [0, 25, 100]) await put(weighted(mesh, percent));
      return 'three weights written';
    }),
    claim('rolled-back', 'after a rollback nobody sends traffic to this release', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 0, '0.a'));
      return refused(put(weighted(mesh, 1)), held);
    }),
    claim('paused', 'a pause holds the weight, lets it go down, and not up', async () => {
      await put(weighted(mesh, 10));
      await shop.write(ceilingOf(service, 10, '0.b'));
      await put(weighted(mesh, 10));
      await put(weighted(mesh, 5));
      return refused(put(weighted(mesh, 25)), held);
    }),
    claim('lowest', 'of two ceilings the lower holds', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 10, '0.c'));
      await shop.write(ceilingOf(service, 0, '0.d'));
      return refused(put(weighted(mesh, 10)), held);
    }),
    claim('other-release', 'another image is free', async () => {
      await shop.write(ceilingOf(service, 0, '0.e'));
      await put(annotated(weighted(mesh, 25), 'release', 'sha256:new'));
      return 'written';
    }),
    claim('acknowledged', 'an acknowledged incident holds no longer, a later one does', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 0, '0.f'));
      await put(annotated(weighted(mesh, 25), 'acknowledged', '0.x 0.f'));
      await put(annotated(weighted(mesh, 0), 'acknowledged', '0.x 0.f'));
      await shop.write(ceilingOf(service, 0, '0.g'));
      return refused(put(annotated(weighted(mesh, 25), 'acknowledged', '0.x 0.f')), /incident 0\.g/);
    }),
    claim('part-of-an-id', 'an id that begins like an acknowledged one is not acknowledged', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 0, '0.ff'));
      return refused(put(annotated(weighted(mesh, 25), 'acknowledged', '0.f 0.fff')), held);
    }),
    claim('no-release', 'a route that tells no release is held by every ceiling of the host', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 0, '0.h'));
      return refused(put(annotated(weighted(mesh, 25), 'release', undefined)), held);
    }),
    claim('short-host', 'a short name of the host, alone or in another namespace, is the host', async () => {
      await put(weighted(mesh, 0));
      await shop.write(ceilingOf(service, 0, '0.i'));
      const host = canaryOf(service)?.workload ?? '';
      const rule = { name: 'x', route: [{ destination: { host } }] };
      const route = (namespace: string, http: unknown): KubernetesObject => ({
        ...ROUTE,
        metadata: { name: 'detour', namespace },
        spec: { hosts: ['detour.example'], http },
      });
      await refused(shop.terraform.apply(route(service.namespace, [rule])), held);
      const full = [{ name: 'x', route: [{ destination: { host: canaryOf(service)?.host } }] }];
      return refused(shop.terraform.apply(route('default', full)), held);
    }),
    claim('relative-weights', 'weights that do not add up to 100 are taken for what they mean', async () => {
      await put(weighted(mesh, 10));
      await shop.write(ceilingOf(service, 10, '0.j'));
      const http = mesh.spec.http.map((rule) => ({
        ...rule,
        route: rule.route.map((destination) => ({ ...destination, weight: 1 })),
      }));
      return refused(put({ ...mesh, spec: { ...mesh.spec, http } }), held);
    }),
    ...recordClaims(shop, service, claim),
    ...guardClaims(shop, mesh, claim),
  ];
}

type MakeClaim = (id: string, title: string, prove: () => Promise<Evidence | string>) => Claim;

function recordClaims(shop: Shop, service: Service, claim: MakeClaim): Claim[] {
  const reference = (incident: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: ceilingName(service.name, incident),
    namespace: CEILING_NAMESPACE,
  });
  const never = /never changed or deleted/;
  return [
    claim(
      'not-edited',
      'a ceiling is not edited, relabelled or deleted, not even by an administrator',
      async () => {
        await shop.write(ceilingOf(service, 0, '0.k'));
        const raise = { data: { maximumWeightPercent: '100' } };
        await refused(
          shop.terraform.patch(reference('0.k'), 'merge-patch', raise),
          /field is immutable/,
          422,
        );
        const unlabel = { metadata: { labels: { 'shop.example/canary-ceiling': null } } };
        await refused(shop.terraform.patch(reference('0.k'), 'merge-patch', unlabel), never);
        await refused(
          shop.terraform.delete({ apiVersion: 'v1', kind: 'Namespace', name: CEILING_NAMESPACE }),
          never,
        );
        return refused(shop.terraform.delete(reference('0.k')), never);
      },
    ),
    claim('break-glass', 'the group of platform administrators may remove a ceiling', async () => {
      await shop.write(ceilingOf(service, 0, '0.l'));
      await shop.reset();
      insist((await shop.ceilings()).length === 0, 'it is still there');
      return 'removed';
    }),
    claim('well-formed', 'a ceiling that could not be read is not let in', async () => {
      const good = renderCeiling(ceilingOf(service, 5, '0.m'));
      const spoilt: object[] = [
        { ...good, data: { ...good.data, maximumWeightPercent: 'five' } },
        { ...good, data: { ...good.data, maximumWeightPercent: '101' } },
        { ...good, data: { ...good.data, action: 'rollback' } },
        { ...good, data: { ...good.data, release: '' } },
        { ...good, data: { ...good.data, more: 'x' } },
        { ...good, immutable: false },
        { ...good, metadata: { ...good.metadata, namespace: 'default' } },
        { ...good, metadata: { ...good.metadata, name: 'canary-ceiling.cart.0-m' } },
      ];
      for (const object of spoilt)
        await refused(
          shop.terraform.create(object as KubernetesObject),
          /immutable ConfigMap|no such key/,
          422,
        );
      return `${spoilt.length} spoilt ceilings refused`;
    }),
    claim('duplicate', 'a second ceiling of one incident is refused as there', async () => {
      await shop.write(ceilingOf(service, 5, '0.n'));
      return refused(shop.write(ceilingOf(service, 5, '0.n')), /already exists/, 409);
    }),
  ];
}

function guardClaims(shop: Shop, mesh: Route, claim: MakeClaim): Claim[] {
  const reference = { ...ROUTE, name: mesh.metadata.name, namespace: mesh.metadata.namespace ?? '' };
  const patch = (...operations: object[]) => shop.guard.patch(reference, 'json-patch', operations);
  const set = (path: string, value: unknown) => ({ op: 'add', path, value });
  const weights = (canary: number, stable = 100 - canary) => [
    set('/spec/http/0/route/1/weight', canary),
    set('/spec/http/0/route/0/weight', stable),
  ];
  const confined = /may lower the weight|creates ceilings and lowers weights/;
  return [
    claim('guard-lowers', 'the guard lowers a weight', async () => {
      await patch(...weights(0));
      return 'written';
    }),
    claim('guard-raises', 'the guard raises none', async () => refused(patch(...weights(11)), confined)),
    claim('guard-sum', 'the guard leaves no weight out', async () =>
      refused(patch(...weights(5, 5)), confined),
    ),
    claim('guard-fields', 'the guard changes nothing else of a route', async () => {
      const tries: object[][] = [
        [set('/spec/hosts/0', 'evil.example')],
        [set('/spec/gateways/-', 'ingress-gateway/ingress-gateway')],
        [set('/spec/http/0/timeout', '60s')],
        [set('/spec/http/0/retries', { attempts: 9 })],
        [set('/spec/http/0/fault', { abort: { httpStatus: 500, percentage: { value: 100 } } })],
        [set('/spec/http/0/name', 'other')],
        [set('/spec/http/0/match', [{ uri: { prefix: '/' } }])],
        [set('/spec/http/0/route/0/destination/host', 'evil.example')],
        [set('/spec/http/0/route/0/destination/subset', 'evil')],
        [set('/spec/http/0/route/0/headers', { request: { remove: ['authorization'] } })],
        [set('/spec/http/-', { name: 'more', route: [{ destination: { host: 'evil.example' } }] })],
        [set('/spec/http/0', { name: 'default', redirect: { uri: '/' } })],
        [
          set('/spec/tls', [
            { match: [{ sniHosts: ['x.example'] }], route: [{ destination: { host: 'evil' } }] },
          ]),
        ],
        [set('/spec/exportTo', ['*'])],
        [set('/metadata/labels/more', 'x')],
        [set('/metadata/annotations/shop.example~1acknowledged-incidents', '0.o')],
        [set('/metadata/finalizers', ['evil.example/never'])],
        [...weights(0), set('/spec/http/0/timeout', '60s')],
      ];
      for (const operations of tries) await refused(patch(...operations), confined);
      return `${tries.length} changes refused`;
    }),
    claim('guard-objects', 'the guard touches no other object, whatever role it is given', async () => {
      const { client } = shop.kubernetes;
      const binding = { name: 'lab-guard-is-admin' };
      await client.apply({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: binding,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: shop.guardName }],
      });
      const { namespace } = reference;
      const plain = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'plain', namespace: CEILING_NAMESPACE },
      };
      try {
        const tries: (() => Promise<unknown>)[] = [
          () => shop.guard.create(plain),
          () => shop.guard.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace } }),
          () => shop.guard.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }),
          () => shop.guard.delete(reference),
          () => shop.guard.apply({ ...mesh, metadata: { ...mesh.metadata, name: 'another' } }),
        ];
        for (const attempt of tries) await refused(attempt(), confined);
        return `${tries.length} writes refused`;
      } finally {
        await client.delete({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          ...binding,
        });
      }
    }),
    claim(
      'guard-rights',
      'by its own roles the guard reads no secret and changes no other kind',
      async () => {
        const { namespace } = reference;
        await refused(shop.guard.list('v1', 'Secret', { namespace }), /cannot list/);
        await refused(shop.guard.list('v1', 'ConfigMap', { namespace }), /cannot list/);
        await refused(
          shop.guard.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace } }),
          /cannot create/,
        );
        return refused(shop.guard.delete(reference), /cannot delete/);
      },
    ),
  ];
}
