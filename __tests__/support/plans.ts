import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { reviewPlans } from '../../tools/commands/review';
import type { Review } from '../../model/review/review';

const PLANS = join(__dirname, '..', 'plans');

/** Changes to the shop, planned with the real providers by `npm run verify -- plan-fixtures`. */
export const SCENARIOS = readdirSync(PLANS);

/** Plan files of a scenario. */
export function plansOf(scenario: string): string[] {
  const folder = join(PLANS, scenario);
  if (!existsSync(folder)) throw new Error(`no plans of '${scenario}'`);
  return readdirSync(folder).map((file) => join(folder, file));
}

export async function reviewOf(scenario: string): Promise<Review> {
  const [review, ...others] = await reviewPlans(plansOf(scenario));
  if (review === undefined || others.length > 0) throw new Error(`'${scenario}' has not one environment`);
  return review;
}

/** Headlines as `cart: retries 2 → 0`. */
export function headlinesOf({ headlines }: Review): string[] {
  return headlines.map(({ subject, text }) => `${subject}: ${text}`);
}

export function flagsOf({ flags }: Review): string[] {
  return flags.map(({ id }) => id);
}
