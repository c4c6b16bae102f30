import { TOPICS, type Topic } from '../facts/fact';

/** One line about one service, gateway or namespace. */
export interface Headline {
  readonly subject: string;
  readonly topic: Topic | 'existence';
  readonly text: string;
}

const ORDER: readonly Headline['topic'][] = ['existence', ...TOPICS];

/** By subject, then by topic in reading order. */
export function sortHeadlines(headlines: readonly Headline[]): Headline[] {
  return [...headlines].sort(
    (one, other) =>
      compare(one.subject, other.subject) ||
      ORDER.indexOf(one.topic) - ORDER.indexOf(other.topic) ||
      compare(one.text, other.text),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
