import { existsSync } from 'node:fs';
import { RULES } from '../../model/rules';
import { messagesOf } from '../support/catalogue-fixture';
import { BROWSERS_CASES } from '../support/rule-cases/browsers';
import { CANARY_CASES } from '../support/rule-cases/canary';
import { EDGE_CASES } from '../support/rule-cases/edge';
import { GOOGLE_CASES } from '../support/rule-cases/google';
import { MAINTENANCE_CASES } from '../support/rule-cases/maintenance';
import { NAMES_CASES } from '../support/rule-cases/names';
import { PLATFORM_CASES } from '../support/rule-cases/platform';
import { RESILIENCE_CASES } from '../support/rule-cases/resilience';
import { STREAM_CASES } from '../support/rule-cases/streams';
import { PRODUCTION, WORKLOAD_CASES } from '../support/rule-cases/workloads';

const CASES = [
  ...RESILIENCE_CASES,
  ...WORKLOAD_CASES,
  ...PLATFORM_CASES,
  ...EDGE_CASES,
  ...GOOGLE_CASES,
  ...NAMES_CASES,
  ...MAINTENANCE_CASES,
  ...CANARY_CASES,
  ...BROWSERS_CASES,
  ...STREAM_CASES,
];

describe('the smallest violating edit is reported, and nothing else', () => {
  test.each(CASES)('$rule: $finding', ({ breaks, finding }) => {
    expect(messagesOf(breaks)).toEqual([finding]);
  });
});

describe('the largest edit within the limit is not reported', () => {
  test.each(CASES)('$rule', ({ inside }) => {
    expect(messagesOf(inside)).toEqual([]);
  });
});

test('every rule has a case, and every message ends with the rule id', () => {
  expect([...new Set(CASES.map(({ rule }) => rule))].sort()).toEqual(RULES.map(({ id }) => id));
  for (const { rule, finding } of CASES) expect(finding).toMatch(new RegExp(`\\[${rule}\\]$`));
});

test('every rule has a short title, a rationale of one sentence, a fix and a source', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, title, rationale, fix, source } of RULES) {
    expect(id).toMatch(/^[A-Z]{3}-\d{3}$/);
    expect(title.split(' ').length).toBeLessThanOrEqual(8);
    expect(rationale).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\.$/);
    expect(fix).not.toBe('');
    // A URL or a file of this repository.
    expect(source.startsWith('https://') || existsSync(source)).toBe(true);
  }
});

test('the production fixture has no violations', () => {
  expect(messagesOf(PRODUCTION)).toEqual([]);
});
