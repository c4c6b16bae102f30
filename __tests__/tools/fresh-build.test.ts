import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runSync } from '../../tools/process';

const root = mkdtempSync(join(tmpdir(), 'fresh-build-'));
afterAll(() => rmSync(root, { recursive: true }));

const at = (...path: string[]) => join(root, ...path);
const packages = at('node_modules');

for (const folder of ['stacks', 'constructs', 'model', 'tools', 'verification']) mkdirSync(at(folder));
for (const file of ['main.ts', 'gated-output.ts']) writeFileSync(at(file), 'export {};\n');
writeFileSync(at('package-lock.json'), '{}');
writeFileSync(
  at('tsconfig.json'),
  JSON.stringify({
    compilerOptions: {
      rootDir: '.',
      outDir: 'dist',
      module: 'node20',
      types: [],
      lib: ['es5'],
      skipLibCheck: true,
    },
    include: ['tools'],
  }),
);
copyFileSync('tools/mesh.mjs', at('tools/mesh.mjs'));
symlinkSync(resolve('node_modules'), packages);

function program(text: string): string {
  return `declare const console: any;\nconsole.log('${text}');\nexport {};\n`;
}

function run() {
  const { exitCode, stdout, stderr } = runSync(process.execPath, [at('tools/mesh.mjs')]);
  return { exitCode, output: stdout.trim() + stderr.trim() };
}

test('the command runs what the sources say, and starts the compiler only after a change', () => {
  writeFileSync(at('tools/mesh.ts'), program('first'));
  expect(run()).toEqual({ exitCode: 0, output: 'first' });

  writeFileSync(at('tools/mesh.ts'), program('second'));
  expect(run()).toEqual({ exitCode: 0, output: 'second' });

  renameSync(packages, at('no-compiler'));
  expect(run()).toEqual({ exitCode: 0, output: 'second' });
  renameSync(at('no-compiler'), packages);
});

test('a file with an old time is a change', () => {
  const draft = at('draft.ts');
  writeFileSync(draft, program('third'));
  utimesSync(draft, new Date(0), new Date(0));
  renameSync(draft, at('tools/mesh.ts'));
  expect(run()).toEqual({ exitCode: 0, output: 'third' });
});

test('a file that goes is a change', () => {
  writeFileSync(at('tools/mesh.ts'), "import './other';\n");
  writeFileSync(at('tools/other.ts'), program('fourth'));
  expect(run()).toEqual({ exitCode: 0, output: 'fourth' });

  rmSync(at('tools/other.ts'));
  const { exitCode, output } = run();
  expect(output).toMatch(/Cannot find module .*'.\/other'/);
  expect(exitCode).not.toBe(0);
});
