/// <reference lib="dom" />
/** The HTML report of a real run in a browser. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { renderPage } from '../../verification/mesh-lab/report/page';
import { type Report } from '../../verification/mesh-lab/report/report';
import { labTools, toolPath } from '../../verification/toolchain/lab-tools';
import { LabRun } from '../support/lab-run';

jest.setTimeout(300_000);

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1_280, height: 900 };

const folder = mkdtempSync(join(tmpdir(), 'lab-report-'));
let run: LabRun;
let browser: Browser;
let page: Page;
let report: Report;
const errors: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  run = new LabRun('mesh-lab', [
    '--only',
    '^(split/checkout-committed|timeouts/|transport/)',
    '--out',
    folder,
  ]);
  const tools = await labTools(['browser'], () => undefined);
  expect([await run.exit, run.output()]).toEqual([0, expect.stringContaining(' 0 failed')]);
  report = JSON.parse(readFileSync(join(folder, 'lab-report.json'), 'utf8')) as Report;
  browser = await chromium.launch({
    executablePath: toolPath(tools, 'chromium'),
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  });
  page = await browser.newPage({ viewport: DESKTOP });
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(join(folder, 'lab-report.html')).href);
});
afterAll(async () => {
  await browser?.close();
  await run.dispose();
  rmSync(folder, { recursive: true });
});

function figuresOf(labTest: string): NonNullable<Report['results'][number]['figures']> {
  return report.results.find(({ id }) => id === labTest)?.figures ?? {};
}

test('it loads no other files and logs no errors', () => {
  expect(requests).toEqual([page.url()]);
  expect(errors).toEqual([]);
});

test('it starts with the result', async () => {
  expect(await page.locator('.summary').innerText()).toMatch(
    new RegExp(`^${report.passedTests} passed, 0 failed, \\d+ s$`),
  );
});

test('every workload has a separate box in the call graph, and its name fits', async () => {
  const picture = await page.locator('svg[aria-label="call graph"]').evaluate((svg: SVGSVGElement) => {
    const within = (inner: DOMRect, outer: DOMRect) =>
      inner.left >= outer.left &&
      inner.right <= outer.right &&
      inner.top >= outer.top &&
      inner.bottom <= outer.bottom;
    const apart = (a: DOMRect, b: DOMRect) =>
      a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    const boxes = [...svg.querySelectorAll('rect')];
    const places = boxes.map((box) => box.getBoundingClientRect());
    const names = boxes.map((box) => box.nextElementSibling as SVGTextElement);
    return {
      names: names.map((name) => name.textContent ?? ''),
      unfit: names
        .filter((name, index) => !within(name.getBoundingClientRect(), places[index] as DOMRect))
        .map((name) => name.textContent),
      outside: places.filter((place) => !within(place, svg.getBoundingClientRect())).length,
      overlapping: places.flatMap((a, at) => places.slice(at + 1).filter((b) => !apart(a, b))).length,
      lines: svg.querySelectorAll('path').length,
    };
  });
  const ends = new Set(report.edges.flatMap(({ from, to }) => [from, to]));

  expect(new Set(picture.names)).toEqual(ends);
  expect(picture).toMatchObject({
    unfit: [],
    outside: 0,
    overlapping: 0,
    lines: report.edges.length,
  });
});

test('the bars show the measured share of the canary, and a mark the configured one', async () => {
  const { percent = 0, latenciesMs: _, ...shares } = figuresOf('split/checkout-committed');
  const drawn = await page.locator('.bar:has(.mark)').evaluateAll((bars) =>
    bars.map((bar) => {
      const [track, canary, mark] = ['.track', '.canary', '.mark'].map((name) =>
        (bar.querySelector(name) as Element).getBoundingClientRect(),
      ) as [DOMRect, DOMRect, DOMRect];
      return {
        share: (canary.width / track.width) * 100,
        configured: ((mark.left - track.left) / track.width) * 100,
      };
    }),
  );

  expect(Object.keys(shares).length).toBeGreaterThan(0);
  expect(drawn).toHaveLength(Object.keys(shares).length);
  Object.values(shares).forEach((share, index) => {
    // A pixel of the border, which is part of the track.
    expect(Math.abs((drawn[index]?.share ?? 0) - Number(share))).toBeLessThan(0.7);
    expect(Math.abs((drawn[index]?.configured ?? 0) - Number(percent))).toBeLessThan(0.7);
  });
});

test('the table has the latencies of each split test and sender', async () => {
  const { latenciesMs = [], percent: _, ...shares } = figuresOf('split/checkout-committed');
  const measured = latenciesMs as readonly number[];
  const rows = await page
    .locator('table.figures tbody tr')
    .evaluateAll((lines) =>
      lines.map((line) => [...line.querySelectorAll('td')].map((cell) => cell.innerText)),
    );

  expect(rows).toEqual(
    Object.keys(shares).map((from, index) => [
      `checkout-committed, ${from}`,
      ...measured.slice(index * 3, index * 3 + 3).map(String),
    ]),
  );
});

test('the bars of the timeouts are proportional, and the longest fills the track', async () => {
  const measured = report.results
    .filter(({ id }) => id.startsWith('timeouts/'))
    .map(({ figures }) => Number(figures?.['ms']));
  const drawn = await page.locator('.bar:has(.time)').evaluateAll((bars) =>
    bars.map((bar) => {
      const [track, time] = ['.track', '.time'].map((name) =>
        (bar.querySelector(name) as Element).getBoundingClientRect(),
      ) as [DOMRect, DOMRect];
      return time.width / track.width;
    }),
  );

  expect(measured.length).toBeGreaterThan(10);
  expect(drawn).toHaveLength(measured.length);
  measured.forEach((ms, index) => {
    expect(Math.abs((drawn[index] ?? 0) - ms / Math.max(...measured))).toBeLessThan(0.01);
  });
});

test('a click on a group shows its tests and what they saw', async () => {
  const rows = page.locator('details tr');
  expect(await rows.count()).toBe(report.results.length);
  const hidden = rows.first();
  expect(await hidden.isVisible()).toBe(false);

  await page.locator('summary').first().click();

  expect(await hidden.isVisible()).toBe(true);
  expect(await hidden.locator('td.seen').innerText()).not.toBe('');
});

test('the limits of the lab are listed', async () => {
  const items = await page.locator('h2:text("What the lab cannot show") + ul li').allInnerTexts();

  expect(items).toHaveLength(report.cannotShow.length + report.notShown.length);
});

test.each([
  ['a phone', PHONE],
  ['a desktop', DESKTOP],
])('the page fits the width of %s', async (_, viewport) => {
  await page.setViewportSize(viewport);
  await page
    .locator('details')
    .evaluateAll((groups) => groups.forEach((group) => group.setAttribute('open', '')));

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
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
      const paper = luminance(getComputedStyle(document.body).backgroundColor);
      return [...document.querySelectorAll('h1, .summary, summary, td')].map((element) => {
        const ink = luminance(getComputedStyle(element).color);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      });
    });

    // WCAG 2.2, level AA, for small text.
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  },
);

test('a failed test is visible at once, and what it saw is text, not markup', async () => {
  const seen = '<script>document.title = "taken over"</script>';
  const [first, ...others] = report.results;
  const failed = { ...report, passed: false, passedTests: report.passedTests - 1, failedTests: 1 };
  const file = join(folder, 'failed.html');
  writeFileSync(file, renderPage({ ...failed, results: [{ ...first!, passed: false, seen }, ...others] }));
  await page.goto(pathToFileURL(file).href);

  expect(await page.locator('.summary').innerText()).toMatch(/passed, 1 failed/);
  expect(await page.locator('td.bad').isVisible()).toBe(true);
  expect(await page.locator('td.bad ~ td.seen').innerText()).toBe(seen);
  expect(await page.title()).toBe(`Mesh lab: ${report.environment}`);
});
