/** Whether plans made anew are reviewed as those that are kept: their ids, ports and times are never the same. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from '../../model/review/json';
import { renderReviews, reviewPlans } from '../../tools/commands/review';

const SHOWN = 5;

/** Sentences on where the reviews of a scenario differ; none if they say the same. */
export async function compareReviews(scenario: string, kept: string, made: string): Promise<string[]> {
  if (!existsSync(join(kept, scenario))) return [`${scenario}: is not kept`];
  const [before, after] = await Promise.all([kept, made].map((place) => reviewIn(join(place, scenario))));
  const found = differences(before, after);
  const more = found.length > SHOWN ? [`${scenario}: and ${found.length - SHOWN} more`] : [];
  return [
    ...found
      .slice(0, SHOWN)
      .map(({ path, before, after }) => `${scenario}: ${path}: kept ${shown(before)}, made ${shown(after)}`),
    ...more,
  ];
}

async function reviewIn(folder: string): Promise<unknown> {
  const plans = readdirSync(folder).map((file) => join(folder, file));
  return JSON.parse(renderReviews(await reviewPlans(plans), 'json')) as unknown;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
