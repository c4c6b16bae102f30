/** Findings as code hosts read them, to be shown beside the changed line. */
import type { Judgement } from '../../model/catalogue/load';
import { RULES } from '../../model/rules';
import type { RuleFacts } from '../../model/rules/rule';
import { findingsOf, type Finding } from './report';

/** What a fault without a rule of its own breaks. */
const WELL_FORMED: RuleFacts = {
  id: 'CAT-001',
  title: 'A file says what its schema allows',
  severity: 'error',
  rationale: 'Of a file that is misspelt, incomplete or contradicts another, nothing can be built.',
  source: 'https://json-schema.org/understanding-json-schema/about',
  fix: 'correct the file as the message says',
};

const DESCRIBED: readonly RuleFacts[] = [WELL_FORMED, ...RULES];

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(judgement: Judgement): string {
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'mesh validate', rules: DESCRIBED.map(descriptor) } },
          columnKind: 'utf16CodeUnits',
          results: findingsOf(judgement).map(result),
        },
      ],
    },
    null,
    2,
  );
}

function descriptor({ id, title, severity, rationale, source, fix }: RuleFacts) {
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: rationale },
    help: { text: `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.` },
    // A page of our own has no address that a code host could open.
    ...(source.startsWith('https://') && { helpUri: source }),
    defaultConfiguration: { level: severity },
  };
}

function result(finding: Finding) {
  const { ruleId = WELL_FORMED.id, severity, file, line, column, path, rule, fix } = finding;
  const sentence = `${path === '' ? '' : `${path}: `}${rule}${fix === undefined ? '' : `; ${fix}`}`;
  return {
    ruleId,
    ruleIndex: DESCRIBED.findIndex(({ id }) => id === ruleId),
    level: severity,
    message: { text: sentence },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file) },
          region: { startLine: line, startColumn: column },
        },
        ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path }] }),
      },
    ],
  };
}
