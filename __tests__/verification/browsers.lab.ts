/// <reference lib="dom" />
/** Chromium and the gateway of the reference shop: pages of the web host call the API, pages of other hosts cannot. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { GATEWAY_PORTS, INGRESS_GATEWAY } from '../../model/naming';
import { startTestMesh } from '../../verification/mesh-lab/behaviour/behaviour';
import { type ReceivedRequest } from '../../verification/mesh-lab/mesh/backends';
import { type Mesh } from '../../verification/mesh-lab/mesh/mesh';
import { objectsOf, synthesize } from '../../verification/support/synthesized';
import { until } from '../../verification/support/until';
import { labTools, toolPath } from '../../verification/toolchain/lab-tools';
import { environmentNamed } from '../support/catalogues';

jest.setTimeout(300_000);

const environment = environmentNamed('prod');
const { web, api } = environment.domainNames;
const FOREIGN = 'https://evil.example';
const PAGE = `<!doctype html><title>shop</title><script>window.injected = true</script><p>shop</p>`;

const folder = mkdtempSync(join(tmpdir(), 'browsers-lab-'));
let mesh: Mesh;
let browser: Browser;
let context: BrowserContext;
const seen: ReceivedRequest[] = [];
const reports: ReceivedRequest[] = [];

beforeAll(async () => {
  const tools = await labTools(['browser'], () => undefined);
  await synthesize(folder);
  mesh = await startTestMesh(environment, objectsOf(folder, 'prod'));
  for (const workload of ['frontend-v1', 'cart-v1', 'product-catalog-v1'])
    mesh.backends.behave(workload, (request) => {
      // Without requests of the browser's own, such as for an icon.
      if (workload !== 'frontend-v1') seen.push(request);
      else if (request.path === '/csp-reports') reports.push(request);
      return workload === 'frontend-v1' && request.path === '/'
        ? { headers: { 'content-type': 'text/html' }, body: PAGE }
        : undefined;
    });
  const gateway = mesh.pods.find(({ workload }) => workload === INGRESS_GATEWAY.name);
  const address = `${gateway?.ip}:${GATEWAY_PORTS.https}`;
  browser = await chromium.launch({
    executablePath: toolPath(tools, 'chromium'),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      // The gateway refuses requests of the foreign host; the page with the refusal has its origin.
      `--host-resolver-rules=${[web, api, 'evil.example'].map((host) => `MAP ${host}:443 ${address}`).join()}`,
    ],
  });
  // No interception of requests: Playwright would then answer preflights itself.
  context = await browser.newContext({ ignoreHTTPSErrors: true });
});
afterAll(async () => {
  await browser?.close();
  await mesh?.stop();
  rmSync(folder, { recursive: true });
});

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly token?: string;
}

/** What the page learns of its call: status and text, or the error of `fetch`. */
function call(page: Page, { path, method = 'GET', token }: Call): Promise<string> {
  return page.evaluate(
    async ([url, verb, bearer]) => {
      try {
        const reply = await fetch(url, {
          method: verb,
          headers:
            bearer === '' ? {} : { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
          ...(verb === 'GET' ? {} : { body: '{}' }),
        });
        return `${reply.status} ${await reply.text()}`;
      } catch (error) {
        return String(error);
      }
    },
    [`https://${api}${path}`, method, token ?? ''] as const,
  );
}

async function pageOf(url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  seen.length = 0;
  return page;
}

describe('a page that the gateway serves on the web host', () => {
  test('calls the API with a token and reads the answer', async () => {
    const page = await pageOf(`https://${web}/`);
    expect(await call(page, { path: '/carts/1', token: mesh.issuer.token() })).toBe('200 cart-v1');
    expect(await call(page, { path: '/carts', method: 'POST', token: mesh.issuer.token() })).toBe(
      '200 cart-v1',
    );
    // The gateway has answered the preflights.
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /carts/1', 'POST /carts']);
  });

  test('reads that a token is wrong', async () => {
    const page = await pageOf(`https://${web}/`);
    expect(await call(page, { path: '/carts/1', token: mesh.issuer.forged() })).toMatch(/^401 /);
    expect(seen).toEqual([]);
  });

  test('cannot use an undeclared method or path', async () => {
    const page = await pageOf(`https://${web}/`);
    const token = mesh.issuer.token();
    expect(await call(page, { path: '/carts/1', method: 'PATCH', token })).toBe('TypeError: Failed to fetch');
    expect(await call(page, { path: '/admin', token })).toBe('TypeError: Failed to fetch');
    expect(seen).toEqual([]);
  });

  test('runs no script that the policy does not list, and reports it', async () => {
    const page = await pageOf('about:blank');
    await page.goto(`https://${web}/`);
    expect(await page.evaluate(() => (window as { injected?: boolean }).injected)).toBeUndefined();
    await until(() => reports.some(({ method }) => method === 'POST'), {
      everyMs: 100,
      // Chromium collects reports for up to a minute.
      limitMs: 90_000,
      otherwise: () => new Error('no report arrived'),
    });
  });
});

test('a page of another host can neither call with a token nor read an open route', async () => {
  const page = await pageOf(`${FOREIGN}/`);
  expect(await call(page, { path: '/carts/1', token: mesh.issuer.token() })).toBe(
    'TypeError: Failed to fetch',
  );
  expect(await call(page, { path: '/products/1' })).toBe('TypeError: Failed to fetch');
  // The open route needs no preflight, but the page cannot read its answer.
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /products/1']);
});

test('a page of another host cannot show the shop in a frame', async () => {
  const page = await pageOf(`${FOREIGN}/`);
  await page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    return new Promise((resolve) => (frame.onload = resolve));
  }, `https://${web}/`);
  const [, frame] = page.frames();
  await until(() => frame?.url() !== '', {
    everyMs: 50,
    limitMs: 10_000,
    otherwise: () => new Error('the frame has not loaded'),
  });
  expect(frame?.url()).toBe('chrome-error://chromewebdata/');
});
