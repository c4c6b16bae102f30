import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Audit {
  readonly tool: string;
  /** What it reads. */
  readonly of: string;
  readonly file: string;
}

interface Waiver {
  readonly check: string;
  /** Part of an address, or a pattern over kind, namespace and name. */
  readonly resource?: string;
  readonly objects?: string;
  readonly environment?: string;
  readonly owner: string;
  readonly reason: string;
}

/** Every finding that stands, for an assessor to read. */
export function renderWaivers(audits: readonly Audit[]): string {
  const sections = audits.map(({ tool, of, file }) => {
    const { waivers } = parse(readFileSync(file, 'utf8')) as { readonly waivers: readonly Waiver[] };
    return [
      `## ${tool}, on ${of}`,
      '',
      ...waivers.map(
        ({ check, resource, objects, environment, owner, reason }) =>
          `- **${check}** of \`${resource ?? objects ?? ''}\`${environment === undefined ? '' : ` in ${environment}`} (${owner}): ${reason}.`,
      ),
    ].join('\n');
  });
  return `${[
    '# Findings that stand',
    'Written by `npm run generate` from the waivers in `.ci/`. A finding without a waiver fails `.ci/run`, and so does a waiver without a finding.',
    ...sections,
  ].join('\n\n')}\n`;
}
