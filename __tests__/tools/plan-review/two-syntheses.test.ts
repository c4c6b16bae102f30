/** A diff compiles the commit's source in a copy of the current build, which must not pass for the commit's. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compareSyntheses } from '../../../tools/plan-review/two-syntheses';
import { runSync } from '../../../tools/process';
import { GitShop } from '../../support/git-shop';

jest.setTimeout(60_000);

const COMPILER = resolve('node_modules/typescript/bin/tsc');
/** Writes one stack with what the construct returns. */
const MAIN = `import { timeout } from './constructs/timeout';
declare const process: any, require: any;
const fs = require('node:fs');
const stack = process.env.CDKTF_OUTDIR + '/stacks/test-mesh';
fs.mkdirSync(stack, { recursive: true });
fs.writeFileSync(stack + '/cdk.tf.json', JSON.stringify({ timeout }));
`;
const TSCONFIG = {
  compilerOptions: {
    rootDir: '.',
    outDir: 'dist',
    module: 'node20',
    types: [],
    lib: ['es5'],
    skipLibCheck: true,
    incremental: true,
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
  include: ['main.ts', 'constructs'],
};

let shop: GitShop;
let caches: string;
const formerCaches = process.env['XDG_CACHE_HOME'];

beforeEach(() => {
  caches = mkdtempSync(join(tmpdir(), 'caches-'));
  process.env['XDG_CACHE_HOME'] = caches;
  shop = new GitShop({});
  write('.gitignore', 'dist\nnode_modules\n');
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  write('main.ts', MAIN);
  mkdirSync(join(shop.folder, 'constructs'));
  symlinkSync(resolve('node_modules'), join(shop.folder, 'node_modules'));
});
afterEach(() => {
  if (formerCaches === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = formerCaches;
  shop.remove();
  rmSync(caches, { recursive: true });
});

function write(file: string, text: string): void {
  writeFileSync(join(shop.folder, file), text);
}

function build(): void {
  const { failed, stdout } = runSync(process.execPath, [COMPILER, '-p', shop.folder]);
  if (failed) throw new Error(stdout);
}

async function timeouts() {
  const { source, before, after } = await compareSyntheses({
    ref: 'HEAD',
    root: shop.folder,
    config: join(shop.folder, 'mesh-config'),
    todaysSource: false,
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
  return [source, before.get('test-mesh'), after.get('test-mesh')];
}

test('shows the edit of a construct, also from the cache', async () => {
  write('constructs/timeout.ts', 'export const timeout = 100;\n');
  shop.commit('Add the construct', '2026-01-10T09:00:00Z');
  write('constructs/timeout.ts', 'export const timeout = 300;\n');
  build();

  const edited = ['its own source', { timeout: 100 }, { timeout: 300 }];
  expect(await timeouts()).toEqual(edited);
  expect(await timeouts()).toEqual(edited);
});
