/** `mesh release status`, in a real repository. */
import { checkedFixture } from '../support/catalogue-fixture';
import { formatViolation } from '../../model/source/violation';
import { buildCommand, GitShop } from '../support/git-shop';
import { environmentFile, imageIn, TWO_ENVIRONMENTS, WISHLIST } from '../support/two-environments';

let shop: GitShop;
beforeAll(buildCommand, 60_000);
beforeEach(() => {
  shop = new GitShop({ ...TWO_ENVIRONMENTS, 'services/wishlist.yaml': WISHLIST });
});
afterEach(() => shop.remove());

function ship(service: string, digit: string, date: string): void {
  const text = shop.read('releases/staging.yaml');
  const line = new RegExp(`v1: \\S+/${service}@\\S+`);
  shop.write({ 'releases/staging.yaml': text.replace(line, `v1: ${imageIn('staging', service, digit)}`) });
  if (date !== '') shop.commit(`Ship ${service}`, date);
}

test('shows what runs where and since when, and what staging has that prod has not', () => {
  ship('stock', 'b', '2026-01-12T09:00:00Z');
  ship('web', 'c', '2026-01-13T09:00:00Z');

  expect(shop.mesh(['release', 'status'])).toEqual({
    status: 0,
    stderr: '',
    stdout: `service  environment  version  requests  image                since
cart     prod         v1       100 %     sha256:aaaaaaaaaaaa  2026-01-10T08:00:00Z
cart     staging      v1       100 %     sha256:aaaaaaaaaaaa  2026-01-10T08:00:00Z
stock    prod         v1       100 %     sha256:aaaaaaaaaaaa  2026-01-10T08:00:00Z
stock    staging      v1       100 %     sha256:bbbbbbbbbbbb  2026-01-12T09:00:00Z
web      prod         v1       100 %     sha256:aaaaaaaaaaaa  2026-01-10T08:00:00Z
web      staging      v1       100 %     sha256:cccccccccccc  2026-01-13T09:00:00Z

prod lacks stock sha256:bbbbbbbbbbbb of staging: 'mesh release set stock --env prod --from staging'
prod lacks web sha256:cccccccccccc of staging: 'mesh release set web --env prod --from staging'
prod: not released yet: wishlist
staging: not released yet: wishlist
`,
  });
});

test('shows one service as JSON, with the time from which it may be promoted', () => {
  ship('stock', 'b', '2026-01-12T09:00:00Z');

  const status = JSON.parse(shop.mesh(['release', 'status', 'stock', '--json']).stdout);
  expect(status.running.map(({ service }: { service: string }) => service)).toEqual(['stock', 'stock']);
  expect(status.waiting).toEqual([
    {
      environment: 'prod',
      from: 'staging',
      service: 'stock',
      image: imageIn('staging', 'stock', 'b'),
      promotableAt: '2026-01-12T10:00:00Z',
    },
  ]);
  expect(status.unreleased).toEqual({});
});

test('an image that returns runs since its return', () => {
  ship('stock', 'b', '2026-01-12T09:00:00Z');
  ship('stock', 'a', '2026-01-13T09:00:00Z');

  expect(shop.mesh(['release', 'status', 'stock']).stdout).toContain(
    'stock    staging      v1       100 %     sha256:aaaaaaaaaaaa  2026-01-13T09:00:00Z',
  );
});

test('an image that is not committed has run for no time', () => {
  ship('stock', 'b', '');

  const { stdout } = shop.mesh(['release', 'status', 'stock']);
  expect(stdout).toContain('sha256:bbbbbbbbbbbb  not committed\n');
  expect(stdout).toContain('prod lacks stock sha256:bbbbbbbbbbbb of staging: not committed in staging yet\n');
});

test('a commit that claims an old date counts from its parent', () => {
  ship('stock', 'b', '2025-01-01T09:00:00Z');

  expect(shop.mesh(['release', 'status', 'stock']).stdout).toContain(
    'sha256:bbbbbbbbbbbb  2026-01-10T08:00:00Z',
  );
});

test('a merge counts from the merge, not from its commits', () => {
  shop.git('switch', '--quiet', '--create', 'topic');
  ship('stock', 'b', '2026-01-11T08:00:00Z');
  shop.git('switch', '--quiet', 'main');
  shop.merge('topic', '2026-01-14T08:00:00Z');

  expect(shop.mesh(['release', 'status', 'stock']).stdout).toContain(
    'sha256:bbbbbbbbbbbb  2026-01-14T08:00:00Z',
  );
});

test('a shallow clone knows only a latest start', () => {
  ship('stock', 'b', '2026-01-12T09:00:00Z');
  const clone = shop.clone('--depth=1');
  try {
    const { stdout } = clone.mesh(['release', 'status', 'stock']);
    expect(stdout).toContain('sha256:bbbbbbbbbbbb  before 2026-01-12T09:00:00Z');
  } finally {
    clone.remove();
  }
});

test('an unknown service is refused', () => {
  expect(shop.mesh(['release', 'status', 'stok'])).toEqual({
    status: 1,
    stdout: '',
    stderr: "unknown service 'stok'; did you mean 'stock'?\n",
  });
});

test.each([
  ['prod', "promotion.from: 'prod' is not a known other environment; use one of staging"],
  ['stagin', "promotion.from: 'stagin' is not a known other environment; did you mean 'staging'?"],
])('promotion from %s is an error', (from, message) => {
  const { violations } = checkedFixture({
    ...TWO_ENVIRONMENTS,
    'environments/prod.yaml': environmentFile('prod', (text) => `${text}promotion: { from: ${from} }\n`),
  });
  expect(violations.map(formatViolation)).toEqual([expect.stringContaining(message)]);
});

test('environments that promote from each other are an error of each', () => {
  const { violations } = checkedFixture({
    ...TWO_ENVIRONMENTS,
    'environments/staging.yaml': environmentFile('staging', (text) => `${text}promotion: { from: prod }\n`),
  });
  expect(violations.map(({ file, rule }) => [file, rule])).toEqual([
    ['environments/prod.yaml', 'closes the cycle prod ← staging ← prod'],
    ['environments/staging.yaml', 'closes the cycle staging ← prod ← staging'],
  ]);
});
