/** Compares plans by their reviews, because ids, ports and times differ in every plan. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from '../../model/review/json';
import { renderReviews, reviewPlans } from '../../tools/commands/review';

const SHOWN = 5;

/** One line per difference between the reviews of a scenario. */
export async function compareReviews(scenario: string, committed: string, made: string): Promise<string[]> {
  if (!existsSync(join(committed, scenario))) return [`${scenario}: is not committed`];
  const [before, after] = await Promise.all(
    [committed, made].map((place) => reviewIn(join(place, scenario))),
  );
  const found = differences(before, after);
  const more = found.length > SHOWN ? [`${scenario}: and ${found.length - SHOWN} more`] : [];
  return [
    ...found
      .slice(0, SHOWN)
      .map(
        ({ path, before, after }) => `${scenario}: ${path}: committed ${shown(before)}, new ${shown(after)}`,
      ),
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
