/** The table of retired words in docs/glossary.md, and where a text contains one. */
import { readFileSync } from 'node:fs';

export interface RetiredWord {
  readonly word: string;
  readonly replacement: string;
  /** Phrases in which the word is allowed. */
  readonly exceptions: readonly string[];
}

const GLOSSARY = 'docs/glossary.md';
export const RETIRED_WORDS_HEADING = '## Retired words';

export function retiredWords(): RetiredWord[] {
  const [, section = ''] = readFileSync(GLOSSARY, 'utf8').split(RETIRED_WORDS_HEADING);
  const rows = section.split('\n').filter((line) => line.startsWith('|') && !/^\| (retired |-)/.test(line));
  return rows.flatMap((row) => {
    const [words = '', replacement = '', exceptions = ''] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return listed(words).map((word) => ({ word, replacement, exceptions: listed(exceptions) }));
  });
}

/** One message for each use of a retired word: `README.md:12: 'ceiling' in "…"; use weight cap`. */
export function usesOf(words: readonly RetiredWord[], source: string, text: string): string[] {
  const lines = text.split('\n');
  return words.flatMap(({ word, replacement, exceptions }) => {
    const checked = exceptions.reduce(
      (rest, phrase) => rest.replace(phrasePattern(phrase), (found) => found.replace(/\S/g, ' ')),
      text,
    );
    return [...checked.matchAll(phrasePattern(word))].map(({ index: at }) => {
      const before = checked.slice(0, at).split('\n');
      const line = excerpt(lines[before.length - 1] ?? '', before.at(-1)?.length ?? 0);
      return `${source}:${before.length}: '${word}' in "${line}"; use ${replacement}`;
    });
  });
}

function listed(cell: string): string[] {
  return cell
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** The whole phrase in any case, also across lines. An identifier such as `packet-capture` is one word. */
function phrasePattern(phrase: string): RegExp {
  const escaped = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi');
}

function excerpt(line: string, at: number): string {
  return line.slice(Math.max(0, at - 40), at + 60).trim();
}
