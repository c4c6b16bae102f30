import { deployOrder } from '../../tools/pipeline/deploy-order';
import { bookstore, shop } from '../support/catalogues';

const environment = (name: string, production = false, from?: string) => ({
  name,
  production,
  promotion: from === undefined ? undefined : { from, soakMinutes: 60 },
});
const orderOf = (...environments: Parameters<typeof deployOrder>[0]) => deployOrder(environments);

test('the reference shop is deployed to dev at once, then to staging, then to prod', () => {
  expect(deployOrder(shop.environments)).toEqual({ immediate: ['dev'], approved: ['staging', 'prod'] });
});

test('the bookstore, which promotes nothing, is deployed to live last', () => {
  expect(deployOrder(bookstore.environments)).toEqual({ immediate: ['pilot', 'trial'], approved: ['live'] });
});

test('an environment follows the one it promotes from, over any number of steps', () => {
  expect(
    orderOf(environment('asia', true, 'eu'), environment('eu', true, 'test'), environment('test')),
  ).toEqual({ immediate: [], approved: ['test', 'eu', 'asia'] });
});

test('a source of promotions that promotes itself comes before production without promotion', () => {
  expect(
    orderOf(environment('alone', true), environment('source'), environment('b', true, 'source')),
  ).toEqual({
    immediate: [],
    approved: ['source', 'alone', 'b'],
  });
});
