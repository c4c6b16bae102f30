import { closeSync, openSync, writeSync } from 'node:fs';

/** Levels that are written entry by entry: section, type and name of each resource. */
const STREAMED_LEVELS = 3;
const INDENT = '  ';

/**
 * Writes JSON with sorted keys, so that a change of order in the code changes no file. It goes to disk resource by
 * resource: the text of a large stack is many times its size in memory.
 */
export function writeStableJson(file: string, value: object): void {
  const descriptor = openSync(file, 'w');
  try {
    let pending = '';
    writeLevel(value, 1, (text) => {
      pending += text;
      if (pending.length < 65_536) return;
      writeSync(descriptor, pending);
      pending = '';
    });
    writeSync(descriptor, pending);
  } finally {
    closeSync(descriptor);
  }
}

function writeLevel(value: unknown, level: number, write: (text: string) => void): void {
  const indent = INDENT.repeat(level);
  if (level > STREAMED_LEVELS || typeof value !== 'object' || value === null || Array.isArray(value)) {
    write(JSON.stringify(sorted(value), null, INDENT).replaceAll('\n', `\n${INDENT.repeat(level - 1)}`));
    return;
  }
  const entries = Object.entries(value).sort(byKey);
  if (entries.length === 0) {
    write('{}');
    return;
  }
  write('{');
  entries.forEach(([key, inner], index) => {
    write(`${index === 0 ? '' : ','}\n${indent}${JSON.stringify(key)}: `);
    writeLevel(inner, level + 1, write);
  });
  write(`\n${INDENT.repeat(level - 1)}}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
