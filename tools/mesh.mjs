#!/usr/bin/env node
// Runs the command line from a build that is never stale. The compiler starts only if something is newer than the build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');
const INPUTS = ['main.ts', 'gated-output.ts', 'tsconfig.json', 'package-lock.json'];
const FOLDERS = ['stacks', 'constructs', 'model', 'tools', 'verification'];

/**
 * By the time of the last change of the file itself, which a copy cannot preserve as it can that of the content. A folder
 * changes when a file in it is added, renamed or removed.
 */
function lastChange(path) {
  const own = statSync(path);
  if (!own.isDirectory()) return own.ctimeMs;
  const inner = readdirSync(path, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() || entry.name.endsWith('.ts'),
  );
  return Math.max(own.ctimeMs, ...inner.map(({ name }) => lastChange(join(path, name))));
}

function isFresh() {
  const builtMs = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return [...INPUTS, ...FOLDERS].every((path) => lastChange(join(root, path)) < builtMs);
}

/** `tsc -b` would trust the times of the files. */
function build() {
  const started = new Date();
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', root], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    process.exit(status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  // What changes while the compiler runs is newer than the build.
  utimesSync(stamp, started, started);
}

if (!isFresh()) build();
await import(join(root, 'dist/tools/mesh.js'));
