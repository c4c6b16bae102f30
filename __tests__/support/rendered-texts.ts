/** Everything that people read of this product, as they read it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReviews } from '../../tools/commands/review';
import { renderRules } from '../../tools/commands/rules';
import { serviceFacts } from '../../tools/commands/service-facts';
import { renderService } from '../../tools/commands/show';
import { renderSlos, sloTables } from '../../tools/commands/slo';
import { renderReport } from '../../tools/commands/validate';
import { checkedFixture } from './catalogue-fixture';
import { reviewOf, SCENARIOS } from './plans';
import { RETIRED_WORDS_HEADING } from './retired-words';
import { CANARY_CASES } from './rule-cases/canary';
import { PLATFORM_CASES } from './rule-cases/platform';
import { RESILIENCE_CASES } from './rule-cases/resilience';
import { WORKLOAD_CASES } from './rule-cases/workloads';
import { shop } from './catalogues';
import { synthEnvironment } from './synth';

/** Texts by file, command or address. */
export type RenderedTexts = ReadonlyMap<string, string>;

/** Keys whose values people read: alert policies, dashboards, services, rules of Cloud Armor, admission policies. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  'content',
  'description',
  'displayName',
  'display_name',
  'message',
  'messageExpression',
  'subject',
  'title',
]);
const RULE_CASES = [...CANARY_CASES, ...PLATFORM_CASES, ...RESILIENCE_CASES, ...WORKLOAD_CASES];
/** Values that are documents themselves. */
const JSON_KEYS: ReadonlySet<string> = new Set(['dashboard_json']);

/** Readable leaves of the synthesized JSON, by environment. */
export function synthesizedTexts(): RenderedTexts {
  return new Map(
    shop.environments.flatMap((environment) =>
      [...synthEnvironment(environment)].flatMap(([stack, { resource }]) => textLeaves(resource, stack)),
    ),
  );
}

function textLeaves(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, string][] => {
    const place = `${path}.${key}`;
    if (typeof inner !== 'string') return textLeaves(inner, place);
    if (JSON_KEYS.has(key)) return textLeaves(JSON.parse(inner), place);
    return TEXT_KEYS.has(key) ? [[place, inner]] : [];
  });
}

/** The rollback controller as it is deployed; its log messages and comments are read during an incident. */
export function workflowTexts(): RenderedTexts {
  return new Map(
    shop.environments.flatMap((environment) =>
      [...synthEnvironment(environment)].flatMap(([stack, { resource }]) =>
        Object.entries(resource?.['google_workflows_workflow'] ?? {}).map(
          ([name, { source_contents }]): [string, string] => [`${stack}.${name}`, String(source_contents)],
        ),
      ),
    ),
  );
}

/** Help of every command; needs the build. */
export function helpTexts(): RenderedTexts {
  return new Map([
    ...helpOf('mesh', 'dist/tools/mesh.js'),
    ...helpOf('npm run', 'dist/tools/pipeline/main.js'),
    ...helpOf('npm run verify --', 'dist/verification/main.js'),
  ]);
}

function helpOf(name: string, file: string, path: readonly string[] = []): [string, string][] {
  const { stdout, stderr } = spawnSync(process.execPath, [file, ...path, '--help'], { encoding: 'utf8' });
  if (!stdout.startsWith('Usage: ')) throw new Error(`${name} ${path.join(' ')} has no help: ${stderr}`);
  const [, list = ''] = stdout.split('\nCommands:\n');
  const children = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, child = '']) => child);
  return [
    [[name, ...path, '--help'].join(' '), stdout],
    ...children.filter((child) => child !== 'help').flatMap((child) => helpOf(name, file, [...path, child])),
  ];
}

/** Output of `mesh rules`, `mesh show` and `mesh slo`. */
export function commandTexts(): RenderedTexts {
  return new Map([
    ['mesh rules', renderRules()],
    ...shop.environments.flatMap((environment): [string, string][] => [
      [`mesh slo --env ${environment.name}`, renderSlos(sloTables(environment))],
      ...environment.services.map((service): [string, string] => [
        `mesh show ${service.catalogueName} --env ${environment.name}`,
        renderService(serviceFacts(environment, service)),
      ]),
    ]),
  ]);
}

export async function reviewTexts(): Promise<RenderedTexts> {
  const texts = new Map<string, string>();
  for (const scenario of SCENARIOS)
    texts.set(`review of ${scenario}`, renderReviews([await reviewOf(scenario)], 'markdown'));
  return texts;
}

/** Output of `mesh validate` for a violation of each rule, and the messages that other tests expect. */
export function errorTexts(): RenderedTexts {
  return new Map([
    ...RULE_CASES.map(({ rule, breaks }, index): [string, string] => [
      `violation ${index} of ${rule}`,
      renderReport(checkedFixture(breaks), 'text'),
    ]),
    ...filesUnder('__tests__', '.ts').map((file): [string, string] => [file, expectedMessages(file)]),
  ]);
}

/** Lines of the file with an error such as `services/cart.yaml:3:1: …`; the others are empty. */
function expectedMessages(file: string): string {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => /['"`][\w/-]*\.yaml:\d+:\d+: .*/.exec(line)?.[0] ?? '')
    .join('\n');
}

/** README files, pages of docs, and the schemas that editors show. */
export function documentTexts(): RenderedTexts {
  const files = [
    'README.md',
    ...['constructs', 'docs', 'model', 'stacks', 'tools', 'verification'].flatMap((folder) =>
      filesUnder(folder, '.md'),
    ),
    ...filesUnder('mesh-config/schema', '.json'),
  ];
  return new Map(files.map((file) => [file, withoutTableOfRetiredWords(readFileSync(file, 'utf8'))]));
}

function withoutTableOfRetiredWords(page: string): string {
  return page.split(RETIRED_WORDS_HEADING)[0] ?? '';
}

function filesUnder(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name));
}
