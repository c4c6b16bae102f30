import { revertedDrift } from '../../../model/review/drift';
import { UNKNOWN, type ResourceChange } from '../../../model/review/resource-change';

const cluster = (before: object, after: object | undefined, action: ResourceChange['action'] = 'update') => ({
  stack: 'dev-cluster-and-asm',
  address: 'google_container_cluster.mesh',
  type: 'google_container_cluster',
  action,
  before: { ...before },
  after: after && { ...after },
  replacedBecauseOf: [],
});
const pathsOf = (found: ResourceChange, planned: readonly ResourceChange[]) =>
  revertedDrift([found], planned).map(({ paths }) => paths);

test('what the plan changes back is drift, and nothing else', () => {
  const found = cluster({ channel: 'REGULAR', node_pool: [] }, { channel: 'RAPID', node_pool: ['default'] });
  const planned = cluster(
    { channel: 'RAPID', node_pool: ['default'], logging: false },
    { channel: 'REGULAR', node_pool: ['default'], logging: true },
  );

  expect(pathsOf(found, [planned])).toEqual([['channel']]);
});

test('a value that Google sets is no drift, even if the resource changes otherwise', () => {
  const found = cluster({ etag: 'one', size: 1 }, { etag: 'two', size: 1 });

  expect(pathsOf(found, [])).toEqual([]);
  expect(pathsOf(found, [cluster({ etag: 'two', size: 1 }, { etag: UNKNOWN, size: 2 })])).toEqual([]);
});

test('a block that appeared is drift if the plan removes it', () => {
  const found = cluster({ window: null }, { window: { start: '03:00' } });

  expect(pathsOf(found, [cluster({ window: { start: '03:00' } }, { window: null })])).toEqual([['window']]);
  expect(pathsOf(found, [cluster({ window: { start: '03:00' } }, { window: {} })])).toEqual([['window']]);
});

test('a deleted resource is drift', () => {
  expect(pathsOf(cluster({ size: 1 }, undefined, 'delete'), [])).toEqual([[]]);
});

test('a resource of the same address in another stack does not count', () => {
  const found = cluster({ size: 1 }, { size: 2 });
  const other = { ...cluster({ size: 2 }, { size: 1 }), stack: 'dev-network' };

  expect(pathsOf(found, [other])).toEqual([]);
});

test('a path counts whole, not by its beginning', () => {
  const found = cluster({ size: 1 }, { size: 2 });

  expect(pathsOf(found, [cluster({ size: 2, size_gb: 1 }, { size: 2, size_gb: 2 })])).toEqual([]);
});
