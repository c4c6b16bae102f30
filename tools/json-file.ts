import { readFileSync } from 'node:fs';
import { UsageError } from './command-line';

/**
 * @param fix for the user, if the file is not JSON
 * @param withoutKey left out of every object
 * @throws UsageError if the file is not JSON
 */
export function readJsonFile<T>(file: string, fix = "run 'npm run synth' again", withoutKey?: string): T {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text, (key, value: unknown) =>
      withoutKey !== undefined && key === withoutKey ? undefined : value,
    ) as T;
  } catch {
    throw new UsageError(`'${file}' is not valid JSON; ${fix}`);
  }
}
