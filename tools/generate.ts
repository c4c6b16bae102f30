/** Writes the files that follow from the sources; `--check` only says which of them are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderMermaid } from '../model/diagram';
import { catalogue } from './catalogue';
import type { Proof } from './proof-table';
import { renderRulesPage } from './rules-page';
import { renderWaivers } from './waivers';
import { jsonSchemas } from '../model/schema/json-schema';

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
  const picture = [
    '<!-- mesh:begin -->',
    '',
    '```mermaid',
    renderMermaid(prod),
    '```',
    '',
    '<!-- mesh:end -->',
  ].join('\n');
  return readme.replace(/<!-- mesh:begin -->[^]*<!-- mesh:end -->/, () => picture);
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
