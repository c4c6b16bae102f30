import { existsSync } from 'node:fs';
import { RULES } from '../../model/rules';
import { messagesOf } from '../support/catalogue-fixture';
import { CANARY_CASES } from '../support/rule-cases/canary';
import { PLATFORM_CASES } from '../support/rule-cases/platform';
import { RESILIENCE_CASES } from '../support/rule-cases/resilience';
import { PRODUCTION, WORKLOAD_CASES } from '../support/rule-cases/workloads';

const CASES = [...RESILIENCE_CASES, ...WORKLOAD_CASES, ...PLATFORM_CASES, ...CANARY_CASES];

describe('the smallest edit that breaks a rule is told at its place, alone', () => {
  test.each(CASES)('$rule: $finding', ({ breaks, finding }) => {
    expect(messagesOf(breaks)).toEqual([finding]);
  });
});

describe('an edit that stops just short of it is not told', () => {
  test.each(CASES)('$rule', ({ inside }) => {
    expect(messagesOf(inside)).toEqual([]);
  });
});

test('every rule has a case, and every case names its rule', () => {
  expect([...new Set(CASES.map(({ rule }) => rule))].sort()).toEqual(RULES.map(({ id }) => id));
  for (const { rule, finding } of CASES) expect(finding).toMatch(new RegExp(`\\[${rule}\\]$`));
});

test('every rule says what it is in few words', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, title, rationale, fix, source } of RULES) {
    expect(id).toMatch(/^[A-Z]{3}-\d{3}$/);
    expect(title.split(' ').length).toBeLessThanOrEqual(8);
    expect(rationale).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\.$/);
    expect(fix).not.toBe('');
    // A page of the web, or one of our own.
    expect(source.startsWith('https://') || existsSync(source)).toBe(true);
  }
});

test('the small shop as it must be in production breaks nothing', () => {
  expect(messagesOf(PRODUCTION)).toEqual([]);
});
