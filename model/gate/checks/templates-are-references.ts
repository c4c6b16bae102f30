import { isMap, valuesAt, type GateCheck, type GatedStack } from '../gate-check';

/** Functions of Terraform that only compute. Those that read files, the environment or random numbers are not. */
const PURE_FUNCTIONS: readonly string[] = [
  ...[
    'abs',
    'ceil',
    'floor',
    'max',
    'min',
    'sum',
    'tonumber',
    'tostring',
    'tobool',
    'tolist',
    'toset',
    'tomap',
  ],
  ...[
    'coalesce',
    'concat',
    'contains',
    'flatten',
    'keys',
    'values',
    'length',
    'lookup',
    'merge',
    'one',
    'try',
    'can',
  ],
  ...[
    'element',
    'slice',
    'distinct',
    'sort',
    'zipmap',
    'range',
    'join',
    'split',
    'format',
    'replace',
    'trimspace',
  ],
  ...[
    'lower',
    'upper',
    'substr',
    'startswith',
    'endswith',
    'jsonencode',
    'jsondecode',
    'timeadd',
    'plantimestamp',
  ],
];

const WORDS: readonly string[] = [
  'for',
  'in',
  'if',
  'true',
  'false',
  'null',
  'each',
  'count',
  'self',
  'path',
  'terraform',
];

export const templatesAreReferences: GateCheck = {
  id: 'GAT-009',
  title: 'Every template is a reference of this stack',
  severity: 'error',
  rationale:
    'A text of the catalogue that reaches Terraform unescaped is a program: it can read files and credentials of the pipeline and send them away.',
  source: 'https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1',
  fix: "escape it as '$${' or '%%{', or refer to something that the stack declares",
  check: (stack) => {
    const declared = declaredIn(stack);
    return stack.texts.flatMap(({ path, text }) =>
      templatesIn(text)
        .map((template) => violationOf(template, declared))
        .filter((violation) => violation !== undefined)
        .map((message) => ({
          address: path
            .split('.')
            .slice(0, 3)
            .join('.')
            .replace(/^resource\./, ''),
          message,
        })),
    );
  },
};

interface Template {
  readonly kind: '$' | '%';
  /** Between the braces, without nested texts. */
  readonly code: string;
}

/** Templates that Terraform would evaluate: `$${` and `%%{` are texts. */
function templatesIn(text: string): Template[] {
  const found: Template[] = [];
  if (!/[$%]\{/.test(text)) return found;
  for (let at = 0; at < text.length; at++) {
    const kind = text.charAt(at);
    if ((kind !== '$' && kind !== '%') || text.charAt(at + 1) === '') continue;
    if (text.charAt(at + 1) === kind && text.charAt(at + 2) === '{') at += 2;
    else if (text.charAt(at + 1) === '{') {
      const end = closingBrace(text, at + 2);
      const code = text.slice(at + 2, end);
      // A text inside of a template may hold another.
      found.push({ kind, code }, ...templatesIn(code));
      at = end;
    }
  }
  return found;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === '{') depth++;
    if (text.charAt(at) === '}' && --depth === 0) return at;
  }
  return text.length;
}

function violationOf({ kind, code }: Template, declared: ReadonlySet<string>): string | undefined {
  const shown = code.length > 60 ? `${code.slice(0, 57)}…` : code;
  if (kind === '%') return `'%{${shown}}' is a directive`;
  const withoutTexts = code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const call = [...withoutTexts.matchAll(/\b([a-z][a-z0-9_]*(?:::[a-z0-9_]+)*)\s*\(/g)]
    .map(([, name = '']) => name)
    .find((name) => !PURE_FUNCTIONS.includes(name) && !WORDS.includes(name));
  if (call !== undefined) return `'\${${shown}}' calls '${call}'`;
  const unknown = referencesIn(withoutTexts).find((reference) => !declared.has(reference));
  return unknown === undefined
    ? undefined
    : `'\${${shown}}' refers to '${unknown}', which the stack does not declare`;
}

/** First two steps of what is referred to, or three of a data source. Loop variables stand alone, so they are none. */
function referencesIn(code: string): string[] {
  const paths = [...code.matchAll(/(?<![\w.\]])([A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*)+)/g)];
  const bound = [...code.matchAll(/\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b/g)].flatMap(([, a, b]) => [a, b]);
  return paths
    .map(([path]) => path.split('.'))
    .filter(([head = '']) => !bound.includes(head) && !WORDS.includes(head))
    .map((steps) => steps.slice(0, steps[0] === 'data' ? 3 : 2).join('.'));
}

function declaredIn({ json, resources }: GatedStack): ReadonlySet<string> {
  const named = (section: string) =>
    valuesAt(json, section).flatMap((types) =>
      isMap(types)
        ? Object.entries(types).flatMap(([type, names]) =>
            isMap(names) ? Object.keys(names).map((name) => `${type}.${name}`) : [],
          )
        : [],
    );
  const plain = (section: string, prefix: string) =>
    valuesAt(json, section).flatMap((names) =>
      isMap(names) ? Object.keys(names).map((name) => `${prefix}.${name}`) : [],
    );
  return new Set([
    ...resources.map(({ type, name }) => `${type}.${name}`),
    ...named('data').map((name) => `data.${name}`),
    ...plain('variable', 'var'),
    ...plain('locals', 'local'),
    ...plain('module', 'module'),
  ]);
}
