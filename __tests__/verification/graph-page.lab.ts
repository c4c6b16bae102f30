/// <reference lib="dom" />
/** `mesh graph --format html` in a browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { renderGraph } from '../../tools/commands/graph';
import { labTools, toolPath } from '../../verification/toolchain/lab-tools';
import { environmentNamed } from '../support/catalogues';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'graph-page-'));
let browser: Browser;
let page: Page;
const errors: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  const tools = await labTools(['browser'], () => undefined);
  browser = await chromium.launch({
    executablePath: toolPath(tools, 'chromium'),
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  const file = join(folder, 'graph.html');
  writeFileSync(file, renderGraph(environmentNamed('prod'), 'html'));
  await page.goto(pathToFileURL(file).href);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await page.mouse.move(1, 1);
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
});

const highlighted = () =>
  page
    .locator('svg.focused .node.path')
    .evaluateAll((nodes) => nodes.map((node) => (node as SVGElement).dataset['id'] ?? '').sort());
const node = (id: string) => page.locator(`.node[data-id="${id}"]`);
const THROUGH_CHECKOUT_V2 = [
  'cart-v1',
  'checkout-v2',
  'clients',
  'egress-gateway',
  'external-payment-gateway',
  'ingress-gateway',
  'load-balancer',
  'payment-v1',
  'secret-manager',
];

test('it loads no other files and logs no errors', () => {
  expect(requests).toEqual([page.url()]);
  expect(errors).toEqual([]);
});

test('names fit their boxes, and boxes do not overlap', async () => {
  const { unfit, overlapping } = await page.locator('svg.diagram').evaluate((svg) => {
    const boxes = [...svg.querySelectorAll('rect.box')].map((box) => box.getBoundingClientRect());
    const texts = [...svg.querySelectorAll('.node text, .heading')];
    return {
      unfit: texts
        .filter((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          return !boxes.some(
            (box) => left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom,
          );
        })
        .map((text) => text.textContent),
      overlapping: boxes.flatMap((a, at) =>
        boxes
          .slice(at + 1)
          .filter((b) => a.right > b.left && b.right > a.left && a.bottom > b.top && b.bottom > a.top),
      ).length,
    };
  });

  expect(unfit).toEqual([]);
  expect(overlapping).toBe(0);
});

test('pointing at a version shows the paths through it, until the pointer leaves', async () => {
  await node('checkout-v2').hover();
  expect(await highlighted()).toEqual(THROUGH_CHECKOUT_V2);

  await page.mouse.move(1, 1);
  expect(await highlighted()).toEqual([]);
});

test('a click keeps them and lists the allowed requests', async () => {
  await node('checkout-v2').click();
  await page.mouse.move(1, 1);

  expect(await node('checkout-v2').getAttribute('aria-pressed')).toBe('true');
  expect(await highlighted()).toEqual(THROUGH_CHECKOUT_V2);
  const details = await page.locator('#details').innerText();
  expect(details).toContain('ingress gateway, 10 % of its requests');
  expect(details).toContain('egress gateway to payment-gateway');
});

test('the keyboard alone reaches a service, follows its calls, keeps and releases the paths', async () => {
  await page.keyboard.press('Tab');
  expect(await highlighted()).toContain('clients');
  await node('product-catalog-v1').focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['id'])).toBe(
    'recommendation-v1',
  );
  await page.keyboard.press('Enter');
  expect(await node('recommendation-v1').getAttribute('aria-pressed')).toBe('true');

  await page.keyboard.press('Escape');
  expect(await highlighted()).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'text has enough contrast in the %s colour scheme',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const contrasts = await page.evaluate(() => {
      const luminance = (color: string) => {
        const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      return [...document.querySelectorAll('.node text:not(.heading)')].map((text) => {
        const ink = luminance(getComputedStyle(text).fill);
        const paper = luminance(getComputedStyle(text.parentElement!.querySelector('rect')!).fill);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      });
    });

    // WCAG 2.2, level AA.
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  },
);
