import { isMap, valuesAt, type GateCheck, type GatedStack } from '../gate-check';

/** Terraform functions without access to files or the environment. */
const PURE_FUNCTIONS: readonly string[] = [
  'abs ceil floor max min sum tonumber tostring tobool tolist toset tomap coalesce concat contains',
  'flatten keys values length lookup merge one try can element slice distinct sort zipmap range',
  'join split format replace trimspace lower upper substr startswith endswith jsonencode jsondecode',
  'timeadd plantimestamp',
].flatMap((line) => line.split(' '));

const KEYWORDS: readonly string[] = 'for in if true false null each count self path terraform'.split(' ');

export const templatesReferToOwnStack: GateCheck = {
  id: 'GAT-009',
  title: 'Templates refer to this stack only',
  severity: 'error',
  rationale:
    'Terraform evaluates an unescaped catalogue text, which can then read files and credentials of the pipeline.',
  source: 'https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1',
  fix: "escape it as '$${' or '%%{', or refer to an element of this stack",
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
  /** The expression between the braces. */
  readonly code: string;
}

/** Templates that Terraform would evaluate; `$${` and `%%{` are escapes. */
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
      // A string inside of a template may hold another template.
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
  const excerpt = code.length > 60 ? `${code.slice(0, 57)}…` : code;
  if (kind === '%') return `'%{${excerpt}}' is a directive`;
  const withoutStrings = code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const call = [...withoutStrings.matchAll(/\b([a-z][a-z0-9_]*(?:::[a-z0-9_]+)*)\s*\(/g)]
    .map(([, name = '']) => name)
    .find((name) => !PURE_FUNCTIONS.includes(name) && !KEYWORDS.includes(name));
  if (call !== undefined) return `'\${${excerpt}}' calls '${call}'`;
  const unknown = referencesIn(withoutStrings).find((reference) => !declared.has(reference));
  return unknown === undefined
    ? undefined
    : `'\${${excerpt}}' refers to '${unknown}', which the stack does not declare`;
}

/** `type.name` of every reference, `data.type.name` of data sources. Loop variables are not references. */
function referencesIn(code: string): string[] {
  const paths = [...code.matchAll(/(?<![\w.\]])([A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*)+)/g)];
  const bound = [...code.matchAll(/\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b/g)].flatMap(([, a, b]) => [a, b]);
  return paths
    .map(([path]) => path.split('.'))
    .filter(([head = '']) => !bound.includes(head) && !KEYWORDS.includes(head))
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
