/** Files that are generated from the sources. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../support/errors';
import { renderMermaid } from '../../model/diagram/mermaid';
import { loadCatalogue } from '../../model/catalogue/load';
import type { Environment } from '../../model/environment';
import { today } from '../../tools/catalogue';
import { renderSloTable } from './slo-table';
import { renderRulesPage } from './rules-page';
import { CANARY_LAB_FILE, type CanaryLabFigures } from '../canary-lab/figures';
import { TOOL_COMPARISON_FILE, type ToolComparison } from '../tool-comparison/comparison-file';
import { SCALE_FILE, type ScaleFigures } from '../scale/figures';
import { renderCanaryLab } from './canary-lab-table';
import { GENERATED_MUTATIONS_FILE, type GeneratedMutations } from '../mutation/generated/figures';
import { renderGeneratedMutations } from './generated-mutations-table';
import { renderScale } from './scale-table';
import { SIMULATION_FILE, type Simulation } from '../canary-simulation/main';
import { renderSimulation } from './canary-simulation-table';
import { renderEditsPage } from './edits-page';
import { renderWaivers } from './waivers-page';
import { jsonSchemas } from '../../model/schema/json-schema';

/** Tools whose findings fail the build unless they are waived. */
const AUDITS = [
  {
    tool: 'checkov',
    of: 'the Terraform JSON and the Kubernetes objects of every environment',
    file: '.ci/checkov-waivers.yaml',
  },
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
    { path: 'README.md', text: withDiagram(readFileSync('README.md', 'utf8')) },
    { path: 'docs/rules.md', text: renderRulesPage(readJson<ToolComparison>(TOOL_COMPARISON_FILE)) },
    { path: 'docs/canary.md', text: withReleases(readFileSync('docs/canary.md', 'utf8')) },
    { path: 'docs/lab.md', text: withLabFigures(readFileSync('docs/lab.md', 'utf8')) },
    { path: 'docs/slo.md', text: withSlos(readFileSync('docs/slo.md', 'utf8')) },
    { path: 'docs/edits.md', text: renderEditsPage() },
    { path: 'docs/generated/waivers.md', text: renderWaivers(AUDITS) },
  ];
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/**
 * Production of the reference shop, which the pages explain. Nothing in them depends on `mesh-config/`: an ordinary edit
 * of it must not make them stale.
 */
function referenceProduction(): Environment {
  const { environments } = loadCatalogue(join('__tests__', 'catalogues', 'reference-shop'), today());
  const prod = environments.find(({ production }) => production);
  if (prod === undefined) throw new LabError('the reference shop has no production');
  return prod;
}

function withDiagram(readme: string): string {
  return between('mesh', readme, ['```mermaid', renderMermaid(referenceProduction()), '```'].join('\n'));
}

/** The alerts of production. */
function withSlos(page: string): string {
  return between('slos', page, renderSloTable(referenceProduction()));
}

/** Outcomes of canary releases: simulated, and in real proxies. */
function withReleases(page: string): string {
  const simulated = between('simulation', page, renderSimulation(readJson<Simulation>(SIMULATION_FILE)));
  return between('lab', simulated, renderCanaryLab(readJson<CanaryLabFigures>(CANARY_LAB_FILE)));
}

/** The configuration of a sidecar in large meshes, and the score of generated mutants. */
function withLabFigures(page: string): string {
  const scaled = between('scale', page, renderScale(readJson<ScaleFigures>(SCALE_FILE)));
  const mutants = readJson<GeneratedMutations>(GENERATED_MUTATIONS_FILE);
  return between('generated-mutations', scaled, renderGeneratedMutations(mutants));
}

/** Replaces the text between the markers of that name. */
function between(name: string, page: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  return page.replace(new RegExp(`${begin}[^]*${end}`), () => `${begin}\n\n${text}\n\n${end}`);
}

/**
 * Writes the files that are not up to date.
 *
 * @param check throws instead of writing
 * @throws LabError with every file that is not up to date
 */
export function generateDocumentation({ check = false }: { readonly check?: boolean }): void {
  const stale = generatedFiles().filter(
    ({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  if (!check) for (const { path, text } of stale) writeFileSync(path, text);
  else if (stale.length > 0)
    throw new LabError(
      stale.map(({ path }) => `${path} is not up to date; run 'npm run generate'`).join('\n'),
    );
}
