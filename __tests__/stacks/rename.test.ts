import { aCatalogue, edited, sourceFiles } from '../support/catalogue-fixture';
import { addressesOf, synthEnvironment } from '../support/synth';

function meshAddresses(changes: Record<string, string | null> = {}): string[] {
  const [environment] = aCatalogue(changes).environments;
  return addressesOf(synthEnvironment(environment!).get('test-mesh-policies'));
}

test('renaming a service destroys and creates its own resources, and no others', () => {
  const before = meshAddresses();
  const stock = sourceFiles().find(({ stem }) => stem === 'stock')?.text ?? '';

  const after = meshAddresses({
    ...edited('services/cart.yaml', 'service: stock', 'service: depot'),
    'services/cart.yaml': edited('services/cart.yaml', 'service: stock', 'service: depot')[
      'services/cart.yaml'
    ]!.replace('[stock] }', '[depot] }'),
    'services/stock.yaml': null,
    'services/depot.yaml': stock.replace('name: stock', 'name: depot'),
  });

  const destroyed = before.filter((address) => !after.includes(address));
  const created = after.filter((address) => !before.includes(address));
  expect(destroyed).not.toEqual([]);
  expect(destroyed.filter((address) => !/\.stock_/.test(address))).toEqual([]);
  expect(created).toEqual(destroyed.map((address) => address.replace('.stock_', '.depot_')));
});

test('starting and ending a canary touches nothing but its own resources', () => {
  const running = meshAddresses();
  const ended = meshAddresses({ 'releases/test.yaml': 'services: {}\n' });

  expect(ended.filter((address) => !running.includes(address))).toEqual([]);
  expect(
    running.filter((address) => !ended.includes(address) && !/\.cart_(access_)?v2_/.test(address)),
  ).toEqual([]);
});
