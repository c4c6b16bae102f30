/** An outcome in a few words, for a line of the output and for the table in the documentation. */
import type { EditOutcome } from './year-run';

export function outcomeIn({ verdict, command, pullRequest }: EditOutcome): string {
  const { violations, releases, reviews } = pullRequest;
  const reasons = [...(command === undefined ? [] : [command]), ...violations, ...releases];
  const flags = [...new Set(reviews.flatMap((review) => review.flags))];
  const parts = [
    verdict,
    ...(reasons.length > 0 ? [reasons.join(' | ')] : []),
    ...(reviews.length > 0 ? [reviews.map(({ environment }) => environment).join(' ')] : []),
    ...(flags.length > 0 ? [flags.join(', ')] : []),
  ];
  return parts.join('; ');
}
