// Reviews of several environments as one text that GitHub takes, what matters most kept of each.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** GitHub refuses a comment or an issue that is longer, in characters. */
const MOST = 65_536;
const HEADLINES_KEPT = 20;

/** Text of `<environment>.md`, by environment; none if there is no folder. */
export function reviewsIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return files.sort().map((name) => ({
    environment: name.replace('.md', ''),
    text: readFileSync(join(folder, name), 'utf8').trim(),
  }));
}

/**
 * The reviews below the preface. While they are too long, the longest of them loses its next part: addresses first,
 * then who notices and the counts, at last most headlines. Risks stay.
 */
export function fitting(preface, reviews, runUrl) {
  const note = `_Shortened, since GitHub takes no longer text; the whole review is in [the run](${runUrl})._`;
  const left = reviews.map(({ text }) => shorterVersions(text, note));
  const shown = () => `${[preface, ...left.map(([text]) => text)].join('\n\n')}\n`;
  while (shown().length > MOST) {
    const longest = left
      .filter((versions) => versions.length > 1)
      .sort(([one], [other]) => other.length - one.length)[0];
    if (longest === undefined) break;
    longest.shift();
  }
  const text = shown();
  if (text.length <= MOST) return text;
  const end = `\n\n${note}\n`;
  return `${text.slice(0, text.lastIndexOf('\n', MOST - end.length))}${end}`;
}

/** From the whole down, by the headings that `mesh review` writes. */
function shorterVersions(review, note) {
  const [head, ...sections] = review.split(/\n\n(?=### )/);
  const risks = sections.filter((section) => section.startsWith('### Risks'));
  const withoutAddresses = review.replace(/\n\n<details>[^]*?\n<\/details>/g, '');
  return [
    review,
    [withoutAddresses, note],
    [head, ...risks, note],
    [firstHeadlines(head), ...risks, note],
  ].map((parts) => [parts].flat().join('\n\n'));
}

function firstHeadlines(head) {
  const lines = head.split('\n');
  const headlines = lines.filter((line) => line.startsWith('- '));
  if (headlines.length <= HEADLINES_KEPT) return head;
  const others = lines.filter((line) => !line.startsWith('- '));
  const rest = `- and ${headlines.length - HEADLINES_KEPT} more`;
  return [...others, ...headlines.slice(0, HEADLINES_KEPT), rest].join('\n');
}
