import type { JournalEntry } from '../server/journal';

/** One line for a refused request: method, resource, rule and source. */
export function describeEntry({ method, verb, host, target, findings }: JournalEntry): string {
  const rules = findings
    .filter(({ severity }) => severity === 'refused')
    .map(({ message, source }) => `${message} [${source?.strength}: ${source?.reference}]`);
  return `${method ?? `${verb} ${host}`} ${target}: ${rules.join('; ')}`;
}
