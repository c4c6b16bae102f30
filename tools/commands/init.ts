/** `mesh init`: a minimal catalogue with one service and one environment, which synthesizes as it is. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildCatalogue } from '../../model/catalogue/load';
import type { SourceKind } from '../../model/source/read-folder';
import { UsageError } from '../command-line';

export interface InitAnswers {
  /** Name of the mesh, a prefix of Google resources. */
  readonly name: string;
  /** Domain of the shop, such as `shop.example`. */
  readonly domain: string;
  /** Id of the Google project of the first environment. */
  readonly project: string;
  readonly projectNumber: string;
  readonly region: string;
  /** Receives every alert, until owners have addresses of their own. */
  readonly email: string;
}

export interface InitQuestion {
  readonly key: keyof InitAnswers;
  readonly flag: string;
  readonly question: string;
}

export const INIT_QUESTIONS: readonly InitQuestion[] = [
  { key: 'name', flag: '--name <name>', question: 'name of the mesh, such as shop' },
  { key: 'domain', flag: '--domain <domain>', question: 'domain of the shop, such as shop.example' },
  { key: 'project', flag: '--project <id>', question: 'id of the Google project of the environment dev' },
  { key: 'projectNumber', flag: '--project-number <number>', question: 'number of that project' },
  { key: 'region', flag: '--region <region>', question: 'region, such as europe-west1' },
  { key: 'email', flag: '--email <address>', question: 'address that receives alerts' },
];

/**
 * Prompts for what the flags leave open.
 *
 * @param prompt undefined if there is no terminal
 * @throws UsageError with every missing flag if there is no terminal
 */
export async function initAnswers(
  flags: Readonly<Partial<InitAnswers>>,
  prompt: ((question: string) => Promise<string>) | undefined,
): Promise<InitAnswers> {
  const open = INIT_QUESTIONS.filter(({ key }) => flags[key] === undefined);
  if (open.length > 0 && prompt === undefined)
    throw new UsageError(`without a terminal, set ${open.map(({ flag }) => flag).join(', ')}`);
  const answers: Partial<Record<keyof InitAnswers, string>> = { ...flags };
  for (const { key, question } of open) answers[key] = (await prompt!(`${question}: `)).trim();
  return answers as InitAnswers;
}

/**
 * Writes the catalogue into the folder.
 *
 * @param schemas folder of the JSON Schemas, which editors read
 * @param today as `2030-01-31`
 * @returns files that were written
 * @throws UsageError if one of the files exists; nothing is written then
 * @throws CatalogueError if an answer is not valid; nothing is written then
 */
export function initCatalogue(
  folder: string,
  answers: InitAnswers,
  schemas: string,
  today: string,
): string[] {
  const files = minimalCatalogue(answers).map((file) => ({ ...file, path: join(folder, file.name) }));
  const existing = files.filter(({ path }) => existsSync(path)).map(({ path }) => path);
  if (existing.length > 0)
    throw new UsageError(`${existing.join(', ')} exist already; choose another folder with --into`);
  const sources = files.map(({ path, kind, name, text }) => ({
    file: path,
    kind,
    stem: name.slice(name.lastIndexOf('/') + 1, -'.yaml'.length),
    text,
  }));
  buildCatalogue({ files: sources, violations: [] }, today);
  for (const { path, kind, text } of files) {
    const schema = join(relative(dirname(path), schemas), `${kind}.schema.json`).replaceAll('\\', '/');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `# yaml-language-server: $schema=${schema}\n${text}`, { flag: 'wx' });
  }
  return files.map(({ path }) => path);
}

interface CatalogueFile {
  readonly name: string;
  readonly kind: SourceKind;
  readonly text: string;
}

function minimalCatalogue(answers: InitAnswers): readonly CatalogueFile[] {
  const { name, domain, project, projectNumber, region, email } = answers;
  return [
    {
      name: 'mesh.yaml',
      kind: 'mesh',
      text: `name: ${name}
# Google groups of this domain get roles in the cluster.
groupsDomain: ${domain}
platformAdmins: platform-admins@${domain}
domains:
  storefront:
    description: Pages that shoppers see
    operators: storefront-operators@${domain}
    viewers: storefront-viewers@${domain}
`,
    },
    {
      name: 'services/frontend.yaml',
      kind: 'service',
      text: `name: frontend
description: Pages of the shop
owner: team-storefront
domain: storefront
tier: standard
pciScope: out-of-scope
ingress:
  - { host: web, methods: [GET], paths: [/, /*], jwt: none }
timeoutMs: 2000
slos: { expectedRequestsPerSecond: 1 }
`,
    },
    {
      name: 'environments/dev.yaml',
      kind: 'environment',
      text: `name: dev
project: { id: ${project}, number: '${projectNumber}' }
region: ${region}
zones: [b]
domainNames: { web: dev.${domain}, api: api.dev.${domain} }
# Tokens of end users, checked on routes with 'jwt: required'.
jwt:
  issuer: https://securetoken.google.com/${project}
  jwksUri: https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com
  audiences: [${project}]
network:
  nodesCidr: 10.10.0.0/20
  podsCidr: 10.12.0.0/16
  servicesCidr: 10.11.0.0/20
  databaseEndpointIp: 10.10.15.10
cluster:
  location: zonal
  nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 4, spot: true }
database: { cpuCount: 2, availability: zonal }
# Until a service has an image, it runs this container.
images:
  requireDigest: false
  scanning: false
  sample: ${region}-docker.pkg.dev/${project}/docker-hub/nicholasjackson/fake-service:v0.26.2
notifications: { page: [${email}], ticket: [${email}] }
deletionProtection: false
`,
    },
    { name: 'releases/dev.yaml', kind: 'release', text: 'services: {}\n' },
  ];
}
