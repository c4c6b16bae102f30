import { CHECKLIST } from '../../model/rules/checklist';
import { GATE } from '../../model/gate';
import { RULES } from '../../model/rules';
import type { RuleFacts } from '../../model/rules/rule';
import { renderProof, type Proof } from './rule-proof-table';

/** docs/rules.md: every rule, every check of the gate, every question of an expert, and who else would have told. */
export function renderRulesPage(proof: Proof): string {
  const sections = [
    '# Rules',
    `Written by \`npm run generate\`. \`npx mesh rules\` prints the same, \`npx mesh validate\` applies them; synth stops at an error.`,
    EXIT_CODES,
    WAIVERS,
    '## Over the catalogue',
    'Each is a pure function over a resolved environment, in a file of its own under `model/rules/`.',
    table(RULES),
    '## Over the synthesized JSON',
    'The last gate reads what is about to be written and nothing else, so an escape hatch does not get round it. When it refuses anything, nothing is written. Each check is a file under `model/gate/checks/`.',
    table(GATE),
    '## What an expert asks',
    'A question is answered by rules, by a design in which the mistake cannot be written, or by both. The last column is proven over random catalogues by `__tests__/stacks/impossible-mistakes.test.ts`.',
    checklist(),
    '## Who else would have told',
    renderProof(proof),
  ];
  return `${sections.join('\n\n')}\n`;
}

const EXIT_CODES =
  '`npx mesh validate --format text|json|sarif` reports every error and warning with its place, and every waiver. Exit code 0: no errors, whether or not there are warnings. Exit code 1: errors, or a command line that cannot be read. SARIF 2.1.0 is what code hosts show beside a changed line.';

const WAIVERS =
  'A file may break a rule for a while: `waivers: [{ rule, reason, owner, expires }]` in it silences that rule for that file until its last day. An expired waiver is an error, one that silences nothing is a warning. The gate has no waivers.';

function table(rules: readonly RuleFacts[]): string {
  return [
    '| id | severity | rule | why | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map(
      ({ id, severity, title, rationale, fix, source }) =>
        `| ${id} | ${severity} | [${title}](${source.replace(/^docs\//, '')}) | ${rationale} | ${fix} |`,
    ),
  ].join('\n');
}

function checklist(): string {
  return [
    '| question | rules | why it cannot be written |',
    '| --- | --- | --- |',
    ...CHECKLIST.map(
      ({ question, rules, impossible = '' }) => `| ${question} | ${rules.join(', ')} | ${impossible} |`,
    ),
  ].join('\n');
}
