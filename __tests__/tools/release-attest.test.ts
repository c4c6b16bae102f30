/** `mesh release attest`: copies, scans and signs against Google's APIs on loopback. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import timers from 'node:timers/promises';
import { releaseCommand } from '../../tools/commands/release';
import { sourceFiles } from '../support/catalogue-fixture';
import { LoopbackGoogle } from '../support/loopback-google';
import { environmentFile, TWO_ENVIRONMENTS } from '../support/two-environments';

const SIGNED = (text: string) => text.replace('images: {}', 'images: { attestation: required }');
const FILES = {
  ...TWO_ENVIRONMENTS,
  'environments/staging.yaml': environmentFile('staging', SIGNED),
  'environments/prod.yaml': environmentFile('prod', SIGNED),
};
const variables = { ...process.env };

let folder: string;
let google: LoopbackGoogle;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-'));
  for (const { file, text } of sourceFiles(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  process.env['GOOGLE_OAUTH_ACCESS_TOKEN'] = 'ya29.token';
  google = new LoopbackGoogle();
  await google.start();
});
afterEach(async () => {
  await google.stop();
  process.env = { ...variables };
  rmSync(folder, { recursive: true });
});

async function mesh(...args: string[]): Promise<string[]> {
  const printed: string[] = [];
  await releaseCommand(folder, (text) => printed.push(text)).parseAsync(args, { from: 'user' });
  return printed;
}

const attest = (...args: string[]) => mesh('attest', 'stock', ...args);

/** Pushes an image to staging that has passed its scan. */
function pushed(kind: 'image' | 'index' = 'image', severities: readonly string[] = []): string {
  const image = google.push('shop-staging/shop/stock', 'stock 2', kind);
  google.scanned(image, 'shop-staging', 'FINISHED_SUCCESS', severities);
  return image;
}

const short = (image: string) => image.slice(image.indexOf('@') + 1).slice(0, 19);

describe('an image in the registry', () => {
  test('is signed after its scan, so that openssl verifies the attestation with the public key', async () => {
    const image = pushed();

    expect(await attest('--env', 'staging', '--image', image)).toEqual([
      `${short(image)} in staging: scanned, no fixable vulnerability of severity CRITICAL or above`,
      `${short(image)} in staging: signed`,
    ]);
    const [attestation] = google.occurrences.filter(({ kind }) => kind === 'ATTESTATION');
    expect(attestation).toMatchObject({
      project: 'shop-staging',
      noteName: 'projects/shop-staging/notes/pipeline',
      resourceUri: `https://${image}`,
    });
    const { serializedPayload, signatures } = attestation!['attestation'] as any;
    const payload = Buffer.from(serializedPayload, 'base64');
    expect(JSON.parse(payload.toString())).toEqual({
      critical: {
        identity: { 'docker-reference': image.replace(/@.*/, '') },
        image: { 'docker-manifest-digest': image.replace(/.*@/, '') },
        type: 'Google cloud binauthz container signature',
      },
    });
    expect(signatures[0].publicKeyId).toBe(
      `//cloudkms.googleapis.com/v1/${google.keyVersion('shop-staging')}`,
    );
    const { publicKey } = google.keyOf('shop-staging');
    writeFileSync(join(folder, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(folder, 'payload'), payload);
    writeFileSync(join(folder, 'signature'), Buffer.from(signatures[0].signature, 'base64'));
    const openssl = (content: string) =>
      spawnSync('openssl', ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', content], {
        cwd: folder,
        encoding: 'utf8',
      }).stdout.trim();
    expect(openssl('payload')).toBe('Verified OK');
    writeFileSync(join(folder, 'other'), payload.toString().replace('stock', 'stack'));
    expect(openssl('other')).toBe('Verification failure');
  });

  test('is signed once', async () => {
    const image = pushed();
    await attest('--env', 'staging', '--image', image);

    expect((await attest('--env', 'staging', '--image', image)).at(-1)).toBe(
      `${short(image)} in staging: is signed already`,
    );
    expect(google.occurrences.filter(({ kind }) => kind === 'ATTESTATION')).toHaveLength(1);
  });

  test('is the one of the release file by default', async () => {
    const image = pushed();
    await mesh('set', 'stock', '--env', 'staging', '--image', image);

    expect((await attest('--env', 'staging')).at(-1)).toBe(`${short(image)} in staging: signed`);
  });

  test('gets no token from another host, and the token goes to fixed hosts only', async () => {
    await attest('--env', 'staging', '--image', pushed());

    expect([...new Set(google.requests.map(({ host }) => host))].sort()).toEqual([
      'binaryauthorization.googleapis.com',
      'cloudkms.googleapis.com',
      'containeranalysis.googleapis.com',
      'europe-west1-docker.pkg.dev',
    ]);
    for (const { authorization } of google.requests)
      expect([
        'Bearer ya29.token',
        `Basic ${Buffer.from('oauth2accesstoken:ya29.token').toString('base64')}`,
      ]).toContain(authorization);
  });

  test.each<[string, string, readonly string[], RegExp]>([
    [
      'with a fixable vulnerability',
      'FINISHED_SUCCESS',
      ['HIGH', 'CRITICAL'],
      /1 vulnerability of severity CRITICAL or above with a fix: CVE-2026-2 \(CRITICAL\); update the packages/,
    ],
    [
      'that cannot be scanned',
      'FINISHED_UNSUPPORTED',
      [],
      /ended with FINISHED_UNSUPPORTED; use a base image/,
    ],
  ])('%s is not signed', async (_, status, severities, message) => {
    const image = google.push('shop-staging/shop/stock', 'stock 2');
    google.scanned(image, 'shop-staging', status, severities);

    await expect(attest('--env', 'staging', '--image', image)).rejects.toThrow(message);
    expect(google.requests.filter(({ host }) => host.startsWith('cloudkms'))).toEqual([]);
  });

  test('with a vulnerability without a fix is signed, and the vulnerability is listed', async () => {
    const image = pushed('image', ['CRITICAL unfixed', 'LOW']);

    expect((await attest('--env', 'staging', '--image', image))[0]).toContain(
      '; without a fix: CVE-2026-1 (CRITICAL)',
    );
  });

  test('waits for its scan', async () => {
    const image = google.push('shop-staging/shop/stock', 'stock 2');
    google.scanned(image, 'shop-staging', 'SCANNING');
    const sleep = jest.spyOn(timers, 'setTimeout').mockImplementation(() => {
      google.occurrences.length = 0;
      google.scanned(image, 'shop-staging', 'FINISHED_SUCCESS');
      return Promise.resolve(undefined);
    });

    expect((await attest('--env', 'staging', '--image', image)).at(-1)).toBe(
      `${short(image)} in staging: signed`,
    );
    expect(sleep).toHaveBeenCalledTimes(1);
  });

  test('is not signed if its scan does not end in time', async () => {
    const image = google.push('shop-staging/shop/stock', 'stock 2');
    google.scanned(image, 'shop-staging', 'SCANNING');
    const start = Date.now();
    const sleep = jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined);
    jest.spyOn(Date, 'now').mockImplementation(() => start + sleep.mock.calls.length * 10_000);

    await expect(attest('--env', 'staging', '--image', image, '--wait', '1')).rejects.toThrow(
      'has not ended within 1 min (status SCANNING)',
    );
    expect(sleep).toHaveBeenCalledTimes(6);
  });

  test('is not signed if the signature does not verify', async () => {
    google.signsWith = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

    await expect(attest('--env', 'staging', '--image', pushed())).rejects.toThrow(
      'does not verify with the public key of projects/shop-staging/attestors/pipeline',
    );
    expect(google.occurrences.filter(({ kind }) => kind === 'ATTESTATION')).toEqual([]);
  });
});

describe.each(['image', 'index'] as const)('promotion of an %s', (kind) => {
  test('verifies the signature, copies by digest, and signs with the key of prod', async () => {
    const image = pushed(kind);
    await attest('--env', 'staging', '--image', image);
    const copy = image.replace('shop-staging', 'shop-prod');
    google.scanned(copy, 'shop-prod', 'FINISHED_SUCCESS');

    expect(await attest('--env', 'prod', '--from', 'staging', '--image', image)).toEqual([
      `${short(image)}: verified the attestation of staging`,
      `${short(image)} in prod: copied from staging`,
      `${short(image)} in prod: scanned, no fixable vulnerability of severity CRITICAL or above`,
      `${short(image)} in prod: signed`,
    ]);
    const of = (project: string, stored: ReadonlyMap<string, unknown>) =>
      [...stored]
        .filter(([key]) => key.startsWith(project))
        .map(([key, value]) => [key.slice(project.length), value])
        .sort();
    expect(of('shop-prod', google.manifests)).toEqual(of('shop-staging', google.manifests));
    expect(of('shop-prod', google.blobs)).toEqual(of('shop-staging', google.blobs));
    expect(
      google.occurrences.filter(({ kind: what }) => what === 'ATTESTATION').map(({ project }) => project),
    ).toEqual(['shop-staging', 'shop-prod']);
    expect(await attest('--env', 'prod', '--from', 'staging', '--image', copy)).toEqual([
      `${short(image)}: verified the attestation of staging`,
      `${short(image)} in prod: is in the registry already`,
      expect.stringContaining('scanned'),
      `${short(image)} in prod: is signed already`,
    ]);
  });

  test('without a valid signature of staging copies nothing', async () => {
    const image = pushed(kind);
    await attest('--env', 'staging', '--image', image);
    // Another key: the attestation of the former one no longer counts.
    google.keys.set('shop-staging', generateKeyPairSync('ec', { namedCurve: 'P-256' }));

    await expect(attest('--env', 'prod', '--from', 'staging', '--image', image)).rejects.toThrow(
      `${image} has no valid attestation of 'staging'; run 'mesh release attest' with --env staging first`,
    );
    expect([...google.manifests.keys()].filter((key) => key.startsWith('shop-prod'))).toEqual([]);
  });

  test('of a manifest with another content fails', async () => {
    const image = pushed(kind);
    await attest('--env', 'staging', '--image', image);
    const key = image.slice(image.indexOf('/') + 1);
    google.manifests.set(key, { ...google.manifests.get(key)!, bytes: Buffer.from('{"layers":[]}') });

    await expect(attest('--env', 'prod', '--from', 'staging', '--image', image)).rejects.toThrow(
      'has another digest; do not use this image',
    );
  });
});

describe('nothing is signed', () => {
  const IMAGE = `europe-west1-docker.pkg.dev/shop-staging/shop/stock@sha256:${'1'.repeat(64)}`;
  test.each<[string, readonly string[], string]>([
    [
      'of another registry',
      ['--env', 'prod', '--image', IMAGE],
      "is not in the registry of 'prod' (europe-west1-docker.pkg.dev/shop-prod/shop); push it there, or copy it with --from",
    ],
    [
      'by tag',
      ['--env', 'staging', '--image', IMAGE.replace(/@.*/, ':2')],
      "has no digest; only '…@sha256:…' can be signed",
    ],
    [
      'that was never pushed',
      ['--env', 'staging', '--image', IMAGE],
      'is not in the registry; push it first, or copy it with --from',
    ],
  ])('%s', async (_, args, message) => {
    await expect(attest(...args)).rejects.toThrow(message);
    expect(google.occurrences).toEqual([]);
  });

  test('without a login', async () => {
    delete process.env['GOOGLE_OAUTH_ACCESS_TOKEN'];
    process.env['PATH'] = folder;

    await expect(attest('--env', 'staging', '--image', IMAGE)).rejects.toThrow(
      "no login to Google Cloud; run 'gcloud auth login' or set GOOGLE_OAUTH_ACCESS_TOKEN",
    );
  });

  test('if the stack of the attestor is not applied', async () => {
    const image = pushed();
    jest.spyOn(google as any, 'google').mockReturnValue(undefined);

    await expect(attest('--env', 'staging', '--image', image)).rejects.toThrow(
      'status 404 (no /v1/projects/shop-staging/occurrences); apply the stack cluster-and-asm of the environment first',
    );
  });
});
