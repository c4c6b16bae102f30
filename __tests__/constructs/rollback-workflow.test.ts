import { parse } from 'yaml';
import { renderRollbackWorkflow } from '../../constructs/canary-rollback/rollback-workflow';

interface Subworkflow {
  readonly params: readonly string[];
  readonly steps: readonly Record<string, unknown>[];
}

const text = renderRollbackWorkflow();
const program = parse(text) as Record<string, Subworkflow>;

/** Everything inside a value, itself first. */
function within(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Object.values(value).flatMap(within)];
}

function stepNamesOf(value: unknown): string[] {
  return within(value).flatMap((part) => {
    const steps = (part as { steps?: unknown } | null)?.steps;
    return Array.isArray(steps) ? steps.flatMap((step: object) => Object.keys(step)) : [];
  });
}

describe.each(Object.keys(program))('%s', (name) => {
  const subworkflow = program[name];

  test('gives each step a name of its own', () => {
    const names = stepNamesOf(subworkflow);
    expect(names.filter((step, index) => names.indexOf(step) !== index)).toEqual([]);
  });

  test('goes on only to steps that are there', () => {
    const known = [...stepNamesOf(subworkflow), 'continue', 'break', 'end'];
    const targets = within(subworkflow).flatMap((part) => (part as { next?: string } | null)?.next ?? []);
    expect(targets.filter((target) => !known.includes(target))).toEqual([]);
  });

  test('asks only with a token, a time limit and retries', () => {
    const calls = within(subworkflow).filter((part) =>
      (part as { try?: { call?: string } } | null)?.try?.call?.startsWith('http.'),
    ) as { try: { args: { auth: unknown; timeout: unknown } }; retry?: unknown }[];
    for (const { try: call, retry } of calls) {
      expect(call.args.auth).toEqual({ type: 'OAuth2' });
      expect(call.args.timeout).toBe(20);
      expect(retry).toBeDefined();
    }
    const bare = within(subworkflow).filter((part) =>
      (part as { call?: string } | null)?.call?.startsWith('http.'),
    );
    expect(bare).toHaveLength(calls.length);
  });
});

/** Called by Workflows itself. */
const UNCALLED = ['main', 'is_retryable'];

test('calls only what is in the program', () => {
  const calls = within(program).flatMap((part) => (part as { call?: string } | null)?.call ?? []);
  const own = calls.filter((call) => !call.includes('.'));
  expect([...new Set(own)].sort()).toEqual(
    Object.keys(program)
      .filter((name) => !UNCALLED.includes(name))
      .sort(),
  );
});

test('stays within the size that Workflows takes', () => {
  expect(text.length).toBeLessThan(128 * 1_024);
});
