/** `mesh release set`, on catalogues in a folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CatalogueError } from '../../model/source/violation';
import { UsageError } from '../../tools/command-line';
import { releaseCommand } from '../../tools/commands/release';
import { sourceFiles } from '../support/catalogue-fixture';
import {
  digestOf,
  environmentFile,
  imageIn,
  TWO_ENVIRONMENTS,
  WISHLIST,
  type ShopFiles,
} from '../support/two-environments';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  write(TWO_ENVIRONMENTS);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(changes: ShopFiles): void {
  for (const { file, text } of sourceFiles(changes)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function read(environment: string): string {
  return readFileSync(join(folder, 'releases', `${environment}.yaml`), 'utf8');
}

async function set(service: string, ...args: string[]): Promise<string> {
  const printed: string[] = [];
  await releaseCommand(folder, (text) => printed.push(text)).parseAsync(['set', service, ...args], {
    from: 'user',
  });
  return printed.join('\n');
}

const NEW = imageIn('staging', 'stock', 'b');

test('changes one line, and says what changed and what is next', async () => {
  const before = read('staging');

  expect(await set('stock', '--env', 'staging', '--image', NEW)).toBe(
    `stock in staging: v1: sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb
  1. commit releases/staging.yaml and open a pull request; its merge deploys the image`,
  );
  expect(read('staging')).toBe(before.replace(imageIn('staging', 'stock', 'a'), NEW));
});

test('is idempotent', async () => {
  await set('stock', '--env', 'staging', '--image', NEW);
  const before = read('staging');

  expect(await set('stock', '--env', 'staging', '--image', NEW)).toBe(
    'stock in staging: v1 already has sha256:bbbbbbbbbbbb; nothing changed',
  );
  expect(read('staging')).toBe(before);
});

test('prints JSON', async () => {
  expect(JSON.parse(await set('stock', '--env', 'staging', '--image', NEW, '--json'))).toMatchObject({
    service: 'stock',
    environment: 'staging',
    version: 'v1',
    image: NEW,
    formerImage: imageIn('staging', 'stock', 'a'),
    changed: true,
  });
});

describe('promotion', () => {
  test('takes the stable image of the other environment, in the registry of this one', async () => {
    await set('stock', '--env', 'staging', '--image', NEW);
    const before = read('prod');

    expect(await set('stock', '--env', 'prod', '--from', 'staging')).toContain(
      "1. run 'mesh release attest stock --env prod --from staging': sha256:bbbbbbbbbbbb must be in the registry before it is deployed",
    );
    expect(read('prod')).toBe(before.replace(imageIn('prod', 'stock', 'a'), imageIn('prod', 'stock', 'b')));
  });

  test('keeps the path of an image in a shared registry', async () => {
    const shared = `registry.example:5000/shop/stock@${digestOf('b')}`;
    await set('stock', '--env', 'staging', '--image', shared);
    await set('stock', '--env', 'prod', '--from', 'staging');

    expect(read('prod')).toContain(shared);
  });

  test.each([
    [['--from', 'prod'], "--from 'prod' is the environment itself; name the one to promote from"],
    [['--from', 'stagin'], "unknown environment 'stagin'; did you mean 'staging'?"],
    [['--from', 'staging', '--image', NEW], '--image and --from exclude each other; set one of them'],
    [[], 'the image is missing; set --image or --from'],
  ])('%j is refused', async (args, message) => {
    await expect(set('stock', '--env', 'prod', ...args)).rejects.toThrow(new UsageError(message));
  });

  test('of a movable tag is refused', async () => {
    write({
      ...TWO_ENVIRONMENTS,
      'environments/staging.yaml': environmentFile('staging', (text) =>
        text.replace('images: {}', 'images: { requireDigest: false }'),
      ),
      'releases/staging.yaml': read('staging').replace(
        imageIn('staging', 'stock', 'a'),
        'registry.example/shop/stock:1',
      ),
    });

    await expect(set('stock', '--env', 'prod', '--from', 'staging')).rejects.toThrow(
      "'staging' runs registry.example/shop/stock:1, which has no digest; release it there with '@sha256:…' first",
    );
  });
});

describe('the first release of a service', () => {
  beforeEach(() => write({ ...TWO_ENVIRONMENTS, 'services/wishlist.yaml': WISHLIST }));

  test('adds its entry and changes no other line', async () => {
    const before = read('prod');
    const image = imageIn('prod', 'wishlist', 'c');

    expect(await set('wishlist', '--env', 'prod', '--image', image)).toContain(
      'wishlist in prod: v1: first image sha256:cccccccccccc',
    );
    const entry = `  wishlist:\n    images:\n      v1: ${image}\n`;
    expect(read('prod')).toBe(before.replace('acknowledgedIncidents', `${entry}acknowledgedIncidents`));
  });

  test('needs an image in the environment to promote from', async () => {
    await expect(set('wishlist', '--env', 'prod', '--from', 'staging')).rejects.toThrow(
      "'wishlist' has no image in 'staging'; run 'mesh release set wishlist --env staging --image …' first",
    );
  });

  test('creates the release file of an environment that ran the sample', async () => {
    write({
      ...TWO_ENVIRONMENTS,
      'environments/dev.yaml': environmentFile('dev', (text) =>
        text.replace(
          'images: {}',
          'images: { sample: registry.example/sample/app:v1, requireDigest: false }',
        ),
      ),
    });
    await set('stock', '--env', 'dev', '--image', imageIn('dev', 'stock', 'b'));

    expect(read('dev')).toBe(
      `$schema: ../schema/release.schema.json\nservices:\n  stock:\n    images:\n      v1: ${imageIn('dev', 'stock', 'b')}\n`,
    );
  });
});

test('a caller and its new callee are released in one change', async () => {
  const web = sourceFiles().find(({ stem }) => stem === 'web')!.text;
  const call = '  - { service: wishlist, methods: [GET], paths: [/wishlist], optional: true }\n';
  write({
    ...TWO_ENVIRONMENTS,
    'services/wishlist.yaml': WISHLIST,
    'services/web.yaml': web.replace('calls:\n', `calls:\n${call}`),
  });
  const missing = (environment: string) =>
    new RegExp(
      `fix in the same change: \\S+/releases/${environment}\\.yaml:\\S+ services\\.web: 'web' calls 'wishlist', which has no release`,
    );

  const first = await set('wishlist', '--env', 'staging', '--image', imageIn('staging', 'wishlist', 'c'));
  expect(first).toMatch(missing('prod'));
  expect(first).not.toMatch(missing('staging'));
  expect(await set('web', '--env', 'staging', '--image', imageIn('staging', 'web', 'b'))).toMatch(
    missing('prod'),
  );
  const last = await set('wishlist', '--env', 'prod', '--from', 'staging');
  expect(last).not.toContain('fix in the same change');
});

describe('nothing is written', () => {
  const untouched = async (work: Promise<string>, error: unknown) => {
    const before = [read('staging'), read('prod'), readdirSync(join(folder, 'releases'))];
    await expect(work).rejects.toThrow(error as Error);
    expect([read('staging'), read('prod'), readdirSync(join(folder, 'releases'))]).toEqual(before);
  };

  test('if the catalogue was invalid before', async () => {
    writeFileSync(join(folder, 'services/web.yaml'), 'name: web\n');
    await untouched(set('stock', '--env', 'staging', '--image', NEW), CatalogueError);
  });

  test('if the catalogue would be invalid', async () => {
    const tag = NEW.replace(/@.*/, ':latest');
    await untouched(
      set('stock', '--env', 'staging', '--image', tag),
      expect.objectContaining({
        message: expect.stringContaining("stock:latest' has no digest; use '@sha256:…'"),
      }),
    );
  });

  test.each([
    ['--image', 'Stock!', "--image 'Stock!' must be an image such as"],
    ['--image', 'registry.example/stock@sha256:1', 'must be an image such as'],
  ])('if the reference is invalid: %s %s', async (option, value, message) => {
    await untouched(
      set('stock', '--env', 'staging', option, value),
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  test('for unknown names', async () => {
    await untouched(
      set('stok', '--env', 'prod', '--image', NEW),
      new UsageError("unknown service 'stok'; did you mean 'stock'?"),
    );
    await untouched(
      set('stock', '--env', 'prod', '--image', NEW, '--version', 'v2'),
      new UsageError("'stock' has no version 'v2'; did you mean 'v1'?"),
    );
  });
});

describe('a service with a canary policy', () => {
  const CART = imageIn('staging', 'cart', 'b');

  test('needs a decision between a canary and all requests at once', async () => {
    await expect(set('cart', '--env', 'staging', '--image', CART)).rejects.toThrow(
      "'cart' can be released step by step; set --version v2 for a canary, or --version v1 for all requests at once",
    );
  });

  test('starts its canary without traffic', async () => {
    expect(await set('cart', '--env', 'staging', '--image', CART, '--version', 'v2')).toContain(
      "2. when the pods of v2 are ready, run 'mesh canary advance cart --env staging'",
    );
    expect(read('staging')).toMatch(
      /v2: \S+b{64}\n {4}canary:\n {6}version: v2\n {6}weightPercent: 0\n {6}startedAt: \S+Z\n {6}stepSince: \S+Z\n/,
    );
  });

  test('keeps its images while a canary receives requests', async () => {
    await set('cart', '--env', 'staging', '--image', CART, '--version', 'v2');
    writeFileSync(
      join(folder, 'releases/staging.yaml'),
      read('staging').replace('weightPercent: 0', 'weightPercent: 25'),
    );

    for (const version of ['v1', 'v2'])
      await expect(
        set('cart', '--env', 'staging', '--image', imageIn('staging', 'cart', 'c'), '--version', version),
      ).rejects.toThrow(
        "a canary of 'cart' runs in 'staging' with 25 % of the requests (stepping); end it first with 'mesh canary finish' or 'rollback'",
      );
  });

  test('is released to all requests at once if wanted', async () => {
    await set('cart', '--env', 'staging', '--image', CART, '--version', 'v1');

    expect(read('staging')).toContain(`v1: ${CART}`);
  });
});

describe('a hotfix', () => {
  const HOTFIX = ['--hotfix', 'checkout loses orders', '--ticket', 'INC-42'];

  test('is recorded for one digest, and goes with the next image', async () => {
    const image = imageIn('prod', 'stock', 'b');
    await set('stock', '--env', 'prod', '--image', image, ...HOTFIX);
    const entry = `      v1: ${image}
    hotfix:
      digest: ${digestOf('b')}
      reason: checkout loses orders
      ticket: INC-42
`;
    expect(read('prod')).toContain(entry);
    expect(await set('stock', '--env', 'prod', '--image', image, ...HOTFIX)).toContain('nothing changed');

    await set('stock', '--env', 'prod', '--image', imageIn('prod', 'stock', 'c'));
    expect(read('prod')).not.toContain('hotfix');
  });

  test('needs a reason and a ticket', async () => {
    await expect(set('stock', '--env', 'prod', '--image', NEW, '--ticket', 'INC-42')).rejects.toThrow(
      'a hotfix needs a reason and a ticket; set both --hotfix and --ticket',
    );
  });
});
