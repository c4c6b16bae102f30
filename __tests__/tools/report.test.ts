import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { RULES } from '../../model/rules';
import { renderReport } from '../../tools/commands/validate';
import { renderRules, rulesAsJson } from '../../tools/commands/rules';
import { edited, checkedFixture } from '../support/catalogue-fixture';
import { BANK, CART, RELEASE, STOCK, TEST } from '../support/rule-cases/rule-case';

const WITHOUT_SAMPLE = edited(
  TEST,
  'images: { requireDigest: false, sample: registry.example/sample/app:v1 }',
  'images: { requireDigest: false }',
);
const ONLY_STOCK_RELEASED = `services:
  stock:
    images: { v1: registry.example/shop/stock:1 }
`;
const WAIVER =
  "waivers: [{ rule: RES-008, reason: until the second zone is there, owner: team-a, expires: '2026-12-31' }]";

/** A schema error, a rule violation, a warning and a waiver. */
const INVALID = edited(
  STOCK,
  'timeoutMs',
  `${WAIVER}\ncircuitBreaker: { outlierDetection: { maxEjectionPercent: 60, intervalSeconds: 4 } }\ntimeoutMs`,
  edited(BANK, 'timeoutMs: 150', 'timeoutMs: 200', edited(CART, 'calls: [stock],', 'calls: [web],')),
);

describe('the text', () => {
  test('counts environments, services and third parties', () => {
    expect(renderReport(checkedFixture({}), 'text')).toBe(
      '1 environment, 3 services, 1 third party: no errors',
    );
  });

  test('names services that are not released yet', () => {
    expect(renderReport(checkedFixture({ ...WITHOUT_SAMPLE, [RELEASE]: ONLY_STOCK_RELEASED }), 'text')).toBe(
      '1 environment, 3 services, 0 third parties: no errors\ntest: not released yet: cart, web',
    );
  });

  test('lists errors and warnings by location, then waivers, then counts', () => {
    expect(renderReport(checkedFixture(INVALID), 'text').split('\n')).toEqual([
      'warning: services/cart.yaml:11:42: retries.perTryTimeoutMs: stock 200 + bank 200 is 400 ms, not less than 400 ms; raise the timeout, lower those of the callees, or add a waiver if the calls are made in parallel [RES-005]',
      "services/cart.yaml:13:19: canary.calls[0]: 'web' is not a known target of calls; use one of bank, stock",
      'services/stock.yaml:8:80: circuitBreaker.outlierDetection.intervalSeconds: an interval of 4 s has too few requests; use at least 5 [RES-009]',
      'waived until 2026-12-31: RES-008 in services/stock.yaml, by team-a: until the second zone is there',
      '2 errors, 1 warning, 1 waiver',
    ]);
  });
});

test('the JSON has each finding with its severity and place, and each waiver', () => {
  const report = JSON.parse(renderReport(checkedFixture(INVALID), 'json')) as {
    findings: object[];
    waivers: object[];
  };

  expect(
    report.findings.map((finding: any) => [finding.severity, finding.ruleId, finding.file, finding.line]),
  ).toEqual([
    ['warning', 'RES-005', 'services/cart.yaml', 11],
    ['error', undefined, 'services/cart.yaml', 13],
    ['error', 'RES-009', 'services/stock.yaml', 8],
  ]);
  expect(report.waivers).toHaveLength(1);
});

describe('the SARIF', () => {
  const validate = sarifValidator();
  const report = (changes = INVALID) => JSON.parse(renderReport(checkedFixture(changes), 'sarif'));

  test('conforms to the standard', () => {
    validate(report());
    expect(validate.errors).toBeNull();
    validate(report({}));
    expect(validate.errors).toBeNull();
  });

  test('does not conform without a message, or with a column before the first', () => {
    const invalid = report();
    delete invalid.runs[0].results[0].message;
    invalid.runs[0].results[1].locations[0].physicalLocation.region.startColumn = 0;
    expect(validate(invalid)).toBe(false);
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual([
      '/runs/0/results/0',
      '/runs/0/results/1/locations/0/physicalLocation/region/startColumn',
    ]);
  });

  test('has the rule and location of each result', () => {
    const [{ results, tool }] = report().runs;
    expect(
      results.map(
        ({ ruleId, ruleIndex, level, locations: [{ physicalLocation, logicalLocations }] }: any) => ({
          ruleId,
          level,
          described: tool.driver.rules[ruleIndex].id,
          uri: physicalLocation.artifactLocation.uri,
          ...physicalLocation.region,
          path: logicalLocations[0].fullyQualifiedName,
        }),
      ),
    ).toEqual([
      {
        ruleId: 'RES-005',
        described: 'RES-005',
        level: 'warning',
        uri: 'services/cart.yaml',
        startLine: 11,
        startColumn: 42,
        path: 'retries.perTryTimeoutMs',
      },
      {
        ruleId: 'CAT-001',
        described: 'CAT-001',
        level: 'error',
        uri: 'services/cart.yaml',
        startLine: 13,
        startColumn: 19,
        path: 'canary.calls[0]',
      },
      {
        ruleId: 'RES-009',
        described: 'RES-009',
        level: 'error',
        uri: 'services/stock.yaml',
        startLine: 8,
        startColumn: 80,
        path: 'circuitBreaker.outlierDetection.intervalSeconds',
      },
    ]);
  });
});

describe('rules', () => {
  test('are listed with severity, rationale, fix and source', () => {
    expect(renderRules(RULES.filter(({ id }) => id === 'RES-008'))).toBe(
      `RES-008  error    Ejection leaves at least half the endpoints
    If all pods fail because of a shared dependency, ejecting all of them turns partial failures into an outage.
    Fix: use a maxEjectionPercent of at most 50.
    https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier`,
    );
  });

  test('are listed as JSON', () => {
    const listed = JSON.parse(rulesAsJson()) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(RULES.map(({ id }) => id)));
    expect(Object.keys(listed[0]!)).toEqual(['id', 'title', 'severity', 'rationale', 'source', 'fix']);
  });
});

/** The standard's schema is draft 4, the validator expects draft 7; here only `id` differs. */
function sarifValidator() {
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  return new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false }).compile(
    schema,
  );
}
