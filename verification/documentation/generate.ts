/** Writes the files that follow from the sources; `--check` only says which of them are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderMermaid } from '../../model/diagram';
import { catalogue } from '../../tools/catalogue';
import { renderSloTable } from './slo-table';
import type { Proof } from './rule-proof-table';
import { renderRulesPage } from './rules-page';
import { LAB_FILE, renderLab, type LabFigures } from './canary-lab-table';
import { renderScale, SCALE_FILE, type ScaleFigures } from './scale-table';
import { SIMULATION_FILE, type Simulation } from '../canary-simulation/main';
import { renderSimulation } from './canary-simulation-table';
import { renderWaivers } from './waivers-page';
import { jsonSchemas } from '../../model/schema/json-schema';

/** Tools whose findings fail the build unless they are waived. */
const AUDITS = [
  { tool: 'checkov', of: 'the Terraform JSON of prod', file: '.ci/checkov-waivers.yaml' },
  {
    tool: 'kube-score',
    of: 'the Kubernetes objects of every environment',
    file: '.ci/kube-score-waivers.yaml',
  },
];

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

function generatedFiles(): GeneratedFile[] {
  const schemas = Object.entries(jsonSchemas()).map(([name, schema]) => ({
    path: `mesh-config/schema/${name}.schema.json`,
    text: `${JSON.stringify(schema, null, 2)}\n`,
  }));
  return [
    ...schemas,
    { path: 'README.md', text: withPicture(readFileSync('README.md', 'utf8')) },
    { path: 'docs/rules.md', text: renderRulesPage(proof()) },
    { path: 'docs/canary.md', text: withReleases(readFileSync('docs/canary.md', 'utf8')) },
    { path: 'docs/lab.md', text: withScale(readFileSync('docs/lab.md', 'utf8')) },
    { path: 'docs/slo.md', text: withSlos(readFileSync('docs/slo.md', 'utf8')) },
    { path: 'docs/generated/waivers.md', text: renderWaivers(AUDITS) },
  ];
}

/** What `npm run rules:proof` measured last. */
function proof(): Proof {
  return JSON.parse(readFileSync('docs/generated/rules-proof.json', 'utf8')) as Proof;
}

/** The picture of prod, between its markers. */
function withPicture(readme: string): string {
  const prod = catalogue().environments.find(({ production }) => production);
  if (prod === undefined) return readme;
  return between('mesh', readme, ['```mermaid', renderMermaid(prod), '```'].join('\n'));
}

/** When alerts fire in prod. */
function withSlos(page: string): string {
  const prod = catalogue().environments.find(({ production }) => production);
  return prod === undefined ? page : between('promises', page, renderSloTable(prod));
}

/** What became of releases: simulated by `npm run canary:simulate`, in real proxies by `npm run lab:canary`. */
function withReleases(page: string): string {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const simulated = between('simulation', page, renderSimulation(read(SIMULATION_FILE) as Simulation));
  return between('lab', simulated, renderLab(read(LAB_FILE) as LabFigures));
}

/** What a sidecar costs in a large mesh, as `npm run lab:scale` measured it. */
function withScale(page: string): string {
  return between('scale', page, renderScale(JSON.parse(readFileSync(SCALE_FILE, 'utf8')) as ScaleFigures));
}

/** The page with other text between the markers of that name. */
function between(name: string, page: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  return page.replace(new RegExp(`${begin}[^]*${end}`), () => `${begin}\n\n${text}\n\n${end}`);
}

const stale = generatedFiles().filter(
  ({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is stale; run 'npm run generate'`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const { path, text } of stale) writeFileSync(path, text);
}
