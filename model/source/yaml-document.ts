/** One YAML document: its value, and the position of each part in the text. */
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Violation } from './violation';
import type { SourceFile } from './read-folder';

export type Path = readonly (string | number)[];

/** Characters that YAML forbids, and those that make a terminal or a reviewer see another text than the parser. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** Deeper than any schema, and shallow enough for recursion. */
const DEEPEST_NESTING = 32;

export class YamlDocument {
  /** Plain data; undefined if the document has violations. */
  public readonly value: unknown;
  public readonly violations: readonly Violation[];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed | undefined;

  constructor(public readonly source: SourceFile) {
    const violations: Violation[] = [];
    const documents = parseText(source.text, this.lines);
    const [document, second] = documents ?? [];
    this.document = document;
    const unprintable = source.text.replace(/^\ufeff|[\t\n\r]/g, ' ').search(UNPRINTABLE);

    if (source.problem !== undefined) {
      violations.push(this.violationAt(0, source.problem.rule, source.problem.fix));
    } else if (unprintable >= 0) {
      const code = codePoint(source.text.charAt(unprintable));
      violations.push(
        this.violationAt(unprintable, `contains the unprintable character ${code}`, 'remove it'),
      );
    } else if (documents === undefined) {
      violations.push(this.violationAt(0, 'is nested too deeply', `use at most ${DEEPEST_NESTING} levels`));
    } else if (document === undefined || document.contents === null) {
      violations.push(this.violationAt(0, 'contains no document', 'add content or delete it'));
    } else {
      if (second !== undefined) {
        violations.push(
          this.violationAt(
            second.range[0],
            'contains a second document',
            "move it to its own file and remove the '---'",
          ),
        );
      }
      for (const problem of [...document.errors, ...document.warnings]) {
        violations.push(
          this.violationAt(problem.pos[0], describe(problem.code, problem.message), fixFor(problem.code)),
        );
      }
      if (violations.length === 0) violations.push(...this.forbiddenFeatures(document));
    }
    this.violations = violations;
    this.value = violations.length === 0 ? document?.toJS() : undefined;
  }

  /** A violation at the value or key of the path, or at the closest ancestor that exists. */
  violation(path: Path, rule: string, fix?: string, at: 'key' | 'value' = 'value'): Violation {
    return {
      ...this.violationAt(this.offsetOf(path, at), rule, fix),
      path: formatPath(path),
    };
  }

  /** Whether the document has a value at the path. */
  has(path: Path): boolean {
    return this.document?.hasIn(path) ?? false;
  }

  private violationAt(offset: number, rule: string, fix?: string): Violation {
    const { line, col } = this.lines.linePos(offset);
    return {
      file: this.source.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: '',
      rule: printable(rule),
      ...(fix !== undefined && { fix: printable(fix) }),
    };
  }

  private offsetOf(path: Path, at: 'key' | 'value'): number {
    let node: unknown = this.document?.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair === undefined) break;
        const target = last && at === 'key' ? pair.key : pair.value;
        offset = startOf(target) ?? startOf(pair.key) ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = startOf(node) ?? offset;
      } else break;
    }
    return offset;
  }

  private isContainerText(ancestors: readonly unknown[]): boolean {
    const keys = ancestors.flatMap((node) =>
      isPair(node) && isScalar(node.key) ? String(node.key.value) : [],
    );
    const path = this.source.kind === 'environment' && keys[0] === 'services' ? keys.slice(2) : keys;
    const isService = this.source.kind === 'service' || path !== keys;
    return isService && CONTAINER_TEXTS.test(path.join('.'));
  }

  /** Features of YAML that would make a file hard to review. */
  private forbiddenFeatures(document: Document): Violation[] {
    const violations: Violation[] = [];
    const forbid = (node: unknown, rule: string, fix: string) => {
      violations.push(this.violationAt(startOf(node) ?? 0, rule, fix));
    };
    visit(document, (key, node, ancestors) => {
      if (ancestors.length > 2 * DEEPEST_NESTING) {
        forbid(node, 'is nested too deeply', `use at most ${DEEPEST_NESTING} levels`);
        return visit.BREAK;
      }
      if (isAlias(node)) forbid(node, `alias '*${node.source}' is not allowed`, 'write the value out');
      else if (isNode(node) && 'anchor' in node && node.anchor !== undefined)
        forbid(node, `anchor '&${String(node.anchor)}' is not allowed`, 'write the value out');
      if (isNode(node) && node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:'))
        forbid(node, `tag '${node.tag}' is not allowed`, 'remove it');
      if (
        isPair(node) &&
        isScalar(node.key) &&
        ['__proto__', 'constructor', 'prototype'].includes(String(node.key.value))
      ) {
        forbid(node.key, `key '${String(node.key.value)}' is not allowed`, 'choose another name');
      }
      if (
        isScalar(node) &&
        typeof node.value === 'string' &&
        /[$%]\{/.test(node.value) &&
        (key === 'key' || !this.isContainerText(ancestors))
      ) {
        forbid(node, `${quote(node.value)} contains a Terraform template`, "remove '${' and '%{'");
      }
      return undefined;
    });
    return violations;
  }
}

/** Texts of a service that its container gets as they are; constructs escape them for Terraform. */
const CONTAINER_TEXTS = /^(canary\.)?(args|command|env|files)(\.|$)/;

/** Undefined if the nesting exceeds the parser's stack. */
function parseText(text: string, lineCounter: LineCounter): Document.Parsed[] | undefined {
  try {
    const documents = [
      ...parseAllDocuments(text, {
        lineCounter,
        version: '1.2',
        schema: 'core',
        prettyErrors: false,
        stringKeys: true,
      }),
    ];
    // The parser reports its own overflow as a syntax error.
    const overflow = documents.some(({ errors }) =>
      errors.some(({ message }) => /call stack/i.test(message)),
    );
    return overflow ? undefined : documents;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `calls[0].service`. */
export function formatPath(path: Path): string {
  return printable(
    path
      .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
      .join(''),
  );
}

/** Replaces control characters such as `"\e[2J"`, which would act on the reader's terminal. */
function printable(text: string): string {
  return text.replace(new RegExp(UNPRINTABLE, 'gu'), codePoint);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A value for a message: short, on one line. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
  }
  const line = value.replace(/\s+/g, ' ');
  return `'${line.length > 60 ? `${line.slice(0, 57)}…` : line}'`;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}

function describe(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'duplicate key';
  if (code === 'TAB_AS_INDENT') return 'indentation with a tab';
  const [firstLine = message] = message.split('\n');
  return firstLine.charAt(0).toLowerCase() + firstLine.slice(1);
}

function fixFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'remove one of them';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  return 'fix the YAML syntax';
}
