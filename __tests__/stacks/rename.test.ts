import { aCatalogue, edited, errorsOf, sourceFiles } from '../support/catalogue-fixture';
import { addressesOf, objectsOf, synthEnvironment, type StackJson } from '../support/synth';

type Changes = Record<string, string | null>;

function synthTest(changes: Changes = {}): ReadonlyMap<string, StackJson> {
  const [environment] = aCatalogue(changes).environments;
  return synthEnvironment(environment!);
}

function meshAddresses(changes: Changes = {}): string[] {
  return addressesOf(synthTest(changes).get('test-mesh-policies'));
}

/** The fixture with `stock` renamed to `depot`. */
function depotShop(lines: string): Changes {
  const stock = sourceFiles().find(({ stem }) => stem === 'stock')?.text ?? '';
  const cart = edited('services/cart.yaml', 'service: stock', 'service: depot')['services/cart.yaml']!;
  return {
    'services/cart.yaml': cart.replace('[stock]', '[depot]'),
    'services/stock.yaml': null,
    'services/depot.yaml': `${stock.replace('name: stock', 'name: depot')}${lines}`,
  };
}

/** Addresses of the stack's resources before their `moved` blocks. */
function formerAddresses(stack: StackJson | undefined): string[] {
  const moves = new Map(serviceMoves(stack).map(({ from, to }) => [to, from]));
  return addressesOf(stack)
    .map((address) => moves.get(address) ?? address)
    .sort();
}

/** Notification channels have moves of their own. */
function serviceMoves(stack: StackJson | undefined): { from: string; to: string }[] {
  return ((stack as any)?.moved ?? []).filter(
    ({ to }: { to: string }) => !to.startsWith('google_monitoring_notification_channel.'),
  );
}

test('a rename without renamedFrom destroys and recreates resources of the service only', () => {
  const before = meshAddresses();
  const after = meshAddresses(depotShop(''));

  const destroyed = before.filter((address) => !after.includes(address));
  const created = after.filter((address) => !before.includes(address));
  expect(destroyed).not.toEqual([]);
  expect(destroyed.filter((address) => !/\.stock_/.test(address))).toEqual([]);
  expect(created).toEqual(destroyed.map((address) => address.replace('.stock_', '.depot_')));
});

describe('a service renamed with renamedFrom', () => {
  // With a database, so that its resources are in two stacks.
  const lines = 'database: true\n';
  const stock = sourceFiles().find(({ stem }) => stem === 'stock')?.text ?? '';
  const before = synthTest({ 'services/stock.yaml': `${stock}${lines}` });
  const after = synthTest(depotShop(`${lines}renamedFrom: stock\n`));

  test.each([...before.keys()])('keeps the state of every resource of %s', (id) => {
    expect(formerAddresses(after.get(id))).toEqual(addressesOf(before.get(id)));
  });

  test('moves resources of the service only', () => {
    const moved = [...after.values()].flatMap(serviceMoves);

    expect(moved.length).toBeGreaterThan(20);
    expect(moved.filter(({ from, to }) => from.replace('.stock_', '.depot_') !== to)).toEqual([]);
  });

  test('changes no Kubernetes object', () => {
    const objects = (stacks: ReadonlyMap<string, StackJson>) =>
      [...stacks.values()]
        .flatMap((stack) => [...objectsOf(stack).values()])
        .map((json) => JSON.stringify(json));

    expect(objects(after).sort()).toEqual(objects(before).sort());
  });

  test('can be replaced by resourceName after the move', () => {
    const done = synthTest(depotShop(`${lines}resourceName: stock\n`));

    expect([...done.values()].flatMap(serviceMoves)).toEqual([]);
    for (const [id, stack] of done) expect(addressesOf(stack)).toEqual(addressesOf(after.get(id)));
    expect(objectsOf(done.get('test-mesh-policies'))).toEqual(objectsOf(after.get('test-mesh-policies')));
  });

  test('can be renamed again', () => {
    const again = synthTest(depotShop('renamedFrom: store\nresourceName: stock\n')).get('test-mesh-policies');

    expect((again as any).moved[0]).toEqual({
      from: 'kubernetes_manifest.store_service',
      to: 'kubernetes_manifest.depot_service',
    });
    expect(objectsOf(again).get('depot_service')?.metadata.name).toBe('stock');
  });
});

describe('a former name is an error', () => {
  test.each([
    [
      'if the service still exists',
      { 'services/stock.yaml': `${stockText()}renamedFrom: cart\n` },
      "services/stock.yaml:9:14: renamedFrom: 'cart' is still a service; delete services/cart.yaml, or remove renamedFrom",
    ],
    [
      'if it is the current name',
      { 'services/stock.yaml': `${stockText()}renamedFrom: stock\n` },
      "services/stock.yaml:9:14: renamedFrom: 'stock' is the current name; remove it",
    ],
    [
      'if another service has the resource name',
      { 'services/stock.yaml': `${stockText()}resourceName: web\n` },
      "services/stock.yaml:9:15: resourceName: 'web' also has resource name 'web'; use a unique resourceName",
    ],
  ])('%s', (_, changes, violation) => {
    expect(errorsOf(changes)).toContain(violation);
  });

  function stockText(): string {
    return sourceFiles().find(({ stem }) => stem === 'stock')?.text ?? '';
  }
});

test('starting and ending a canary changes resources of the canary only', () => {
  const running = meshAddresses();
  const ended = meshAddresses({ 'releases/test.yaml': 'services: {}\n' });

  expect(ended.filter((address) => !running.includes(address))).toEqual([]);
  expect(
    running.filter((address) => !ended.includes(address) && !/\.cart_((access_)?v2|canary)_/.test(address)),
  ).toEqual([]);
});
