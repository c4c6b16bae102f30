/** What the rollback controller may do, and that it may do nothing else. */
import { ACKNOWLEDGED_ANNOTATION } from '../../model/canary/split';
import { WEIGHT_CAP_NAMESPACE } from '../../model/canary/weight-cap';
import type { LabTest } from '../support/lab-test';
import { refused, ROUTE, type MakeTest } from './refusal';
import type { Route, Shop } from './shop';

export function controllerTests(shop: Shop, mesh: Route, labTest: MakeTest): LabTest[] {
  const reference = { ...ROUTE, name: mesh.metadata.name, namespace: mesh.metadata.namespace ?? '' };
  const patch = (...operations: object[]) =>
    shop.rollbackController.patch(reference, 'json-patch', operations);
  const set = (path: string, value: unknown) => ({ op: 'add', path, value });
  const weights = (canary: number, stable = 100 - canary) => [
    set('/spec/http/1/route/1/weight', canary),
    set('/spec/http/1/route/0/weight', stable),
  ];
  const confined = /may only lower the weight|may only create weight caps/;
  return [
    labTest('controller-lowers', 'the rollback controller may lower a weight', async () => {
      await patch(...weights(0));
      return 'written';
    }),
    labTest('controller-raises', 'the rollback controller may not raise a weight', async () =>
      refused(patch(...weights(11)), confined),
    ),
    labTest(
      'controller-sum',
      'the rollback controller may not write weights with another sum than 100',
      async () => refused(patch(...weights(5, 5)), confined),
    ),
    labTest(
      'controller-fields',
      'the rollback controller may not change anything else in a route',
      async () => {
        const changes: object[][] = [
          [set('/spec/hosts/0', 'evil.example')],
          [set('/spec/gateways/-', 'ingress-gateway/ingress-gateway')],
          [set('/spec/http/1/timeout', '60s')],
          [set('/spec/http/1/retries', { attempts: 9 })],
          [set('/spec/http/1/fault', { abort: { httpStatus: 500, percentage: { value: 100 } } })],
          [set('/spec/http/1/name', 'other')],
          [set('/spec/http/1/match', [{ uri: { prefix: '/' } }])],
          [set('/spec/http/1/route/0/destination/host', 'evil.example')],
          [set('/spec/http/1/route/0/destination/subset', 'evil')],
          [set('/spec/http/1/route/0/headers', { request: { remove: ['authorization'] } })],
          [set('/spec/http/-', { name: 'more', route: [{ destination: { host: 'evil.example' } }] })],
          [set('/spec/http/1', { name: 'default', redirect: { uri: '/' } })],
          [
            set('/spec/tls', [
              { match: [{ sniHosts: ['x.example'] }], route: [{ destination: { host: 'evil' } }] },
            ]),
          ],
          [set('/spec/exportTo', ['*'])],
          [set('/metadata/labels/more', 'x')],
          [set(`/metadata/annotations/${ACKNOWLEDGED_ANNOTATION.replace('/', '~1')}`, '0.o')],
          [set('/metadata/finalizers', ['evil.example/never'])],
          [...weights(0), set('/spec/http/1/timeout', '60s')],
        ];
        for (const operations of changes) await refused(patch(...operations), confined);
        return `${changes.length} changes refused`;
      },
    ),
    labTest(
      'controller-objects',
      'the rollback controller may not write other objects, even as cluster-admin',
      async () => {
        const { client } = shop.kubernetes;
        const binding = { name: 'lab-controller-is-admin' };
        await client.apply({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata: binding,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: shop.controllerName }],
        });
        const { namespace } = reference;
        const plain = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'plain', namespace: WEIGHT_CAP_NAMESPACE },
        };
        try {
          const writes: (() => Promise<unknown>)[] = [
            () => shop.rollbackController.create(plain),
            () =>
              shop.rollbackController.create({
                apiVersion: 'v1',
                kind: 'Secret',
                metadata: { name: 'x', namespace },
              }),
            () =>
              shop.rollbackController.create({
                apiVersion: 'v1',
                kind: 'Namespace',
                metadata: { name: 'x' },
              }),
            () => shop.rollbackController.delete(reference),
            () => shop.rollbackController.apply({ ...mesh, metadata: { ...mesh.metadata, name: 'another' } }),
          ];
          for (const write of writes) await refused(write(), confined);
          return `${writes.length} writes refused`;
        } finally {
          await client.delete({
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'ClusterRoleBinding',
            ...binding,
          });
        }
      },
    ),
    labTest(
      'controller-rights',
      'the roles of the rollback controller do not let it read secrets or write other kinds',
      async () => {
        const { namespace } = reference;
        await refused(shop.rollbackController.list('v1', 'Secret', { namespace }), /cannot list/);
        await refused(shop.rollbackController.list('v1', 'ConfigMap', { namespace }), /cannot list/);
        await refused(
          shop.rollbackController.create({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'x', namespace },
          }),
          /cannot create/,
        );
        return refused(shop.rollbackController.delete(reference), /cannot delete/);
      },
    ),
  ];
}
