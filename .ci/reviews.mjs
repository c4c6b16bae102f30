// Combines reviews of several environments and shortens them to GitHub's limit, least important parts first.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** GitHub's limit for a comment or an issue, in characters. */
const MAX_LENGTH = 65_536;
const MAX_HEADLINES = 20;

/** Text of `<environment>.md`, by environment; none if there is no folder. */
export function reviewsIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return files.sort().map((name) => ({
    environment: name.replace('.md', ''),
    text: readFileSync(join(folder, name), 'utf8').trim(),
  }));
}

/**
 * The reviews below the preface. While the text is too long, the longest review loses its next part: addresses first,
 * then blast radius and counts, then all but some headlines. Risks always stay.
 */
export function fitToLimit(preface, reviews, runUrl) {
  const note = `_Shortened to GitHub's limit; the full review is in [the run](${runUrl})._`;
  const versions = reviews.map(({ text }) => shorterVersions(text, note));
  const combined = () => `${[preface, ...versions.map(([text]) => text)].join('\n\n')}\n`;
  while (combined().length > MAX_LENGTH) {
    const longest = versions
      .filter((shorter) => shorter.length > 1)
      .sort(([one], [other]) => other.length - one.length)[0];
    if (longest === undefined) break;
    longest.shift();
  }
  const text = combined();
  if (text.length <= MAX_LENGTH) return text;
  const end = `\n\n${note}\n`;
  return `${text.slice(0, text.lastIndexOf('\n', MAX_LENGTH - end.length))}${end}`;
}

/** The review and ever shorter versions, split at the headings of `mesh review`. */
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
  if (headlines.length <= MAX_HEADLINES) return head;
  const others = lines.filter((line) => !line.startsWith('- '));
  const rest = `- and ${headlines.length - MAX_HEADLINES} more`;
  return [...others, ...headlines.slice(0, MAX_HEADLINES), rest].join('\n');
}
