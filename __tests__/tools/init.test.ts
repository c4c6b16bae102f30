import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../../model/catalogue/load';
import { CatalogueError } from '../../model/source/violation';
import { UsageError } from '../../tools/command-line';
import { INIT_QUESTIONS, initAnswers, initCatalogue, type InitAnswers } from '../../tools/commands/init';
import { TODAY } from '../support/catalogue-fixture';

const ANSWERS: InitAnswers = {
  name: 'books',
  domain: 'books.example',
  project: 'books-dev',
  projectNumber: '123456789012',
  region: 'europe-west1',
  email: 'alerts@books.example',
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'init-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const init = (answers = ANSWERS) => initCatalogue(join(folder, 'shop'), answers, 'mesh-config/schema', TODAY);

test('writes a valid catalogue without warnings: one service in one environment', () => {
  const files = init();
  const { environments, warnings } = loadCatalogue(join(folder, 'shop'), TODAY);

  expect(files.map((file) => file.slice(join(folder, 'shop').length + 1))).toEqual([
    'mesh.yaml',
    'services/frontend.yaml',
    'environments/dev.yaml',
    'releases/dev.yaml',
  ]);
  expect(environments.map(({ name, project }) => [name, project.id])).toEqual([['dev', 'books-dev']]);
  expect(environments[0]?.services.map(({ name }) => name)).toEqual(['frontend']);
  expect(warnings).toEqual([]);
});

test('overwrites nothing: one existing file, and no file is written', () => {
  const existing = join(folder, 'shop/services/frontend.yaml');
  mkdirSync(join(folder, 'shop/services'), { recursive: true });
  writeFileSync(existing, 'mine');

  expect(() => init()).toThrow(
    new UsageError(`${existing} exist already; choose another folder with --into`),
  );
  expect(readFileSync(existing, 'utf8')).toBe('mine');
  expect(() => readFileSync(join(folder, 'shop/mesh.yaml'))).toThrow('ENOENT');
});

test('writes nothing if an answer breaks a rule', () => {
  expect(() => init({ ...ANSWERS, projectNumber: '12', name: 'BOOKS' })).toThrow(CatalogueError);
  expect(() => readFileSync(join(folder, 'shop/mesh.yaml'))).toThrow('ENOENT');
});

test('asks on a terminal for what no flag sets', async () => {
  const questions: string[] = [];
  const { name: _, ...withoutName } = ANSWERS;
  const answers = await initAnswers(withoutName, (question) => {
    questions.push(question);
    return Promise.resolve(' books \n');
  });

  expect(questions).toEqual(['name of the mesh, such as shop: ']);
  expect(answers).toEqual(ANSWERS);
});

test('the command fails with every missing flag if there is no terminal', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['tools/mesh.mjs', 'init', '--into', join(folder, 'shop'), '--name', 'books'],
    { encoding: 'utf8' },
  );

  expect(stderr).toBe(
    `without a terminal, set ${INIT_QUESTIONS.slice(1)
      .map(({ flag }) => flag)
      .join(', ')}\n`,
  );
  expect(status).toBe(1);
}, 60_000);

test('the command writes a valid catalogue from flags alone, without a terminal', () => {
  const into = join(folder, 'shop');
  const flags = INIT_QUESTIONS.flatMap(({ key, flag }) => [flag.split(' ')[0] ?? '', ANSWERS[key]]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['tools/mesh.mjs', 'init', '--into', into, ...flags],
    { encoding: 'utf8' },
  );

  expect(stderr).toMatch(/^next: /);
  expect(status).toBe(0);
  expect(stdout).toContain(join(into, 'mesh.yaml'));
  expect(loadCatalogue(into, TODAY).environments.map(({ name, region }) => [name, region])).toEqual([
    ['dev', ANSWERS.region],
  ]);
}, 60_000);
