import { readFileSync } from 'node:fs';
import { RESERVED_VARIABLES } from '../../model/platform-variables';
import { edited, errorsOf } from '../support/catalogue-fixture';

const CART = 'services/cart.yaml';
const cartWith = (lines: string) => edited(CART, 'timeoutMs: 1000', `${lines}\ntimeoutMs: 1000`);

describe('refused', () => {
  test.each([
    [
      'env: { PORT: "1" }',
      "10:8: env.PORT: 'PORT' is set by the platform; use another name, or remove it; see docs/services.md",
    ],
    [
      'env: { PGHOST: a }',
      "10:8: env.PGHOST: 'PGHOST' is set by the platform; use another name, or remove it; see docs/services.md",
    ],
    [
      'env: { STOCK_URL: a }',
      "10:8: env.STOCK_URL: 'STOCK_URL' is set by the platform; use another name, or remove it; see docs/services.md",
    ],
    [
      'env: { BANK_URL: a }',
      "10:8: env.BANK_URL: 'BANK_URL' is set by the platform; use another name, or remove it; see docs/services.md",
    ],
    ['env: { LIMIT: 5 }', '10:15: env.LIMIT: 5 must be a string (in quotes)'],
    [
      'env: { 1A: x }',
      "10:8: env.1A: '1A' must be letters, digits and underscores, not starting with a digit",
    ],
    [
      'files: { a/b: x }',
      "10:10: files.a/b: 'a/b' must be a file name of letters, digits, dashes, dots and underscores",
    ],
    ['command: []', '10:10: command: [] must not be empty'],
    ['adminPort: 8080', '10:12: adminPort: 8080 is also port; use another port'],
    ['probes: { port: admin }', "10:17: probes.port: 'admin' needs adminPort; add adminPort, or use 'app'"],
    [
      `files: { a: '${'x '.repeat(32_768)}', b: '${'ü '.repeat(21_846)}' }`,
      '10:1: files: 131074 bytes exceed 131072; use smaller files, or put them into the image',
    ],
  ])('%.40s', (lines, violation) => {
    expect(errorsOf(cartWith(lines))).toEqual([`services/cart.yaml:${violation}`]);
  });

  test('in the canary', () => {
    expect(errorsOf(edited(CART, 'canary: {', "canary: { env: { PORT: '1' },"))).toEqual([
      "services/cart.yaml:13:18: canary.env.PORT: 'PORT' is set by the platform; use another name, or remove it; see docs/services.md",
    ]);
  });

  test('in an environment, at its file', () => {
    const changes = edited(
      'environments/test.yaml',
      'jwt:\n',
      "services: { cart: { env: { PORT: '1' } } }\njwt:\n",
    );

    expect(errorsOf(changes)).toEqual([
      "environments/test.yaml:6:28: services.cart.env.PORT: 'PORT' is set by the platform; use another name, or remove it; see docs/services.md",
    ]);
  });
});

test('files of 128 KiB are accepted', () => {
  expect(errorsOf(cartWith(`files: { a: '${'x '.repeat(65_536)}' }`))).toEqual([]);
});

describe('Terraform templates', () => {
  test.each([['env: { A: "${x}" }'], ['files: { a: "%{if}" }'], ['args: ["${x}"]'], ['command: ["${x}"]']])(
    'are plain text in %s',
    (lines) => expect(errorsOf(cartWith(lines))).toEqual([]),
  );

  test('are plain text in the canary and in an environment', () => {
    const canary = edited(CART, 'canary: {', 'canary: { env: { A: "${x}" },');
    const environment = edited(
      'environments/test.yaml',
      'jwt:\n',
      'services: { cart: { canary: { files: { a: "${x}" } }, args: ["${x}"] } }\njwt:\n',
      canary,
    );

    expect(errorsOf(environment)).toEqual([]);
  });

  test('are refused in every other text', () => {
    expect(errorsOf(cartWith('probes: { readinessPath: "${x}" }'))[0]).toMatch(
      /contains a Terraform template/,
    );
    expect(errorsOf(edited('external/bank.yaml', 'Payment provider', '"${x}"'))[0]).toMatch(
      /Terraform template/,
    );
    expect(errorsOf(edited('environments/test.yaml', 'a@shop.example', '"${x}"'))[0]).toMatch(
      /Terraform template/,
    );
    expect(errorsOf(cartWith('env: { "${x}": a }'))[0]).toMatch(/Terraform template/);
  });
});

test('the documentation lists every variable that the platform sets', () => {
  const page = readFileSync('docs/services.md', 'utf8');
  const table = page.slice(0, page.indexOf('These names are reserved'));
  const listed = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);

  expect(listed.sort()).toEqual([...RESERVED_VARIABLES].sort());
});
