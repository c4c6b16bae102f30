import { parse } from 'yaml';
import { renderRollbackWorkflow } from '../../constructs/canary-rollback/rollback-workflow';
import { fillPlaceholders } from '../../constructs/canary-rollback/workflow-template';
import { escapeForTerraform } from '../../constructs/terraform-template';

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

describe('placeholders', () => {
  test('are replaced by their values, and expressions of Workflows stay', () => {
    const filled = fillPlaceholders('a.yaml', 'n: ${map["<<LABEL>>"] + <<LENGTH>>}', {
      LABEL: 'x/y',
      LENGTH: 63,
    });
    expect(filled).toBe('n: ${map["x/y"] + 63}');
  });

  test.each([
    ['without a value', '<<LABEL>> <<LABLE>>', 'a.yaml: placeholder <<LABLE>> has no value'],
    [
      'named as a property of every object',
      '<<LABEL>> <<toString>>',
      'a.yaml: placeholder <<toString>> has no value',
    ],
    ['that are not closed', '<<LABEL>> <<LABEL>', 'a.yaml: a placeholder that begins with << is not closed'],
    ['that are not in the file', 'nothing', 'a.yaml: no placeholder <<LABEL>> is in the file'],
  ])('%s are refused with the name of the file', (_, template, message) => {
    expect(() => fillPlaceholders('a.yaml', template, { LABEL: 'x' })).toThrow(message);
  });
});

test('Terraform reads the escaped text as it was', () => {
  expect(escapeForTerraform('${a} %{b} $c {d}')).toBe('$${a} %%{b} $c {d}');
});

describe.each(Object.keys(program))('%s', (name) => {
  const subworkflow = program[name];

  test('has different names for its steps', () => {
    const names = stepNamesOf(subworkflow);
    expect(names.filter((step, index) => names.indexOf(step) !== index)).toEqual([]);
  });

  test('continues only with existing steps', () => {
    const known = [...stepNamesOf(subworkflow), 'continue', 'break', 'end'];
    const targets = within(subworkflow).flatMap((part) => (part as { next?: string } | null)?.next ?? []);
    expect(targets.filter((target) => !known.includes(target))).toEqual([]);
  });

  test('sends every request with a token, a timeout and retries', () => {
    const calls = within(subworkflow).filter((part) =>
      (part as { try?: { call?: string } } | null)?.try?.call?.startsWith('http.'),
    ) as { try: { args: { auth: unknown; timeout: unknown } }; retry?: unknown }[];
    for (const { try: call, retry } of calls) {
      expect(call.args.auth).toEqual({ type: 'OAuth2' });
      expect(call.args.timeout).toBe(20);
      expect(retry).toEqual({
        predicate: '${is_retryable}',
        max_retries: 5,
        backoff: { initial_delay: 1, max_delay: 16, multiplier: 2 },
      });
    }
    const bare = within(subworkflow).filter((part) =>
      (part as { call?: string } | null)?.call?.startsWith('http.'),
    );
    expect(bare).toHaveLength(calls.length);
  });
});

/** Called by Workflows itself. */
const UNCALLED = ['main', 'is_retryable'];

test('every sub-workflow is called, and every call has a sub-workflow', () => {
  const calls = within(program).flatMap((part) => (part as { call?: string } | null)?.call ?? []);
  const own = calls.filter((call) => !call.includes('.'));
  expect([...new Set(own)].sort()).toEqual(
    Object.keys(program)
      .filter((name) => !UNCALLED.includes(name))
      .sort(),
  );
});

// https://cloud.google.com/workflows/quotas
test('stays within the limits of Workflows for a source and for an expression', () => {
  expect(Buffer.byteLength(text)).toBeLessThan(128 * 1_024);
  const expressions = within(program).filter(
    (part): part is string => typeof part === 'string' && part.startsWith('${'),
  );
  expect(Math.max(...expressions.map(({ length }) => length))).toBeLessThanOrEqual(400);
});

/** An alert with policy, labels and documentation, generously. */
const ALERT_BYTES = 12 * 1_024;

// https://cloud.google.com/workflows/quotas
test('a page of incidents fits into half of the 512 KB of variables', () => {
  const sizes = within(program).flatMap((part) => (part as { pageSize?: number } | null)?.pageSize ?? []);

  expect(sizes).toHaveLength(1);
  expect(sizes[0]! * ALERT_BYTES).toBeLessThanOrEqual(256 * 1_024);
});
