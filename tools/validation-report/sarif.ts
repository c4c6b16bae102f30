/** Findings as SARIF, which code hosts show beside the changed line. */
import type { CheckedCatalogue } from '../../model/catalogue/load';
import { TRANSITION_RULES } from '../../model/release/transition-rules';
import { RULES } from '../../model/rules';
import type { RuleFacts } from '../../model/rules/rule';
import { findingsOf, type ValidationFinding } from './report';

/** Rule of violations that have no rule of their own: the file does not match its schema. */
const WELL_FORMED: RuleFacts = {
  id: 'CAT-001',
  title: 'Every file matches its schema',
  severity: 'error',
  rationale: 'A file with an unknown key, a missing value or a broken reference cannot be deployed.',
  source: 'https://json-schema.org/understanding-json-schema/about',
  fix: 'correct the file as the message describes',
};

const DESCRIBED: readonly RuleFacts[] = [WELL_FORMED, ...RULES, ...TRANSITION_RULES];

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(checked: CheckedCatalogue): string {
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'mesh validate', rules: DESCRIBED.map(descriptor) } },
          columnKind: 'utf16CodeUnits',
          results: findingsOf(checked).map(result),
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
    // Pages of this repository have no URL that a code host can open.
    ...(source.startsWith('https://') && { helpUri: source }),
    defaultConfiguration: { level: severity },
  };
}

function result(finding: ValidationFinding) {
  const { ruleId = WELL_FORMED.id, severity, file, line, column, path, rule, fix } = finding;
  const text = `${path === '' ? '' : `${path}: `}${rule}${fix === undefined ? '' : `; ${fix}`}`;
  return {
    ruleId,
    ruleIndex: DESCRIBED.findIndex(({ id }) => id === ruleId),
    level: severity,
    message: { text },
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
