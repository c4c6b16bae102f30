/** What `mesh review` must report about the plans that are then applied. */
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Environment } from '../../model/environment';
import type { Review } from '../../model/review/review';
import { reviewPlans } from '../../tools/commands/review';
import { LabError } from '../support/errors';
import type { SavedPlan } from './rig';
import type { Switch } from './switches';

/** A service loses its retries: changes Kubernetes objects only. */
export const RETRIES_EDIT: Switch = { file: 'services/cart.yaml', path: 'retries', value: { attempts: 0 } };

/** A canary takes its next step, which also changes its alerts, and a service loses its retries. */
export function everydayEdit({ name }: Environment): readonly Switch[] {
  return [
    { file: `releases/${name}.yaml`, path: 'services.checkout.canary.weightPercent', value: 25 },
    RETRIES_EDIT,
  ];
}
const EVERYDAY_HEADLINES = ['cart: retries 2 → 0', 'checkout: canary v2 10 % → 25 %'];

/** @throws LabError unless the plan is one of one environment */
export async function reviewOf(plan: SavedPlan): Promise<Review> {
  const [review, ...others] = await reviewPlans([join(plan.folder, `${plan.stack}.json`)]);
  if (review === undefined || others.length > 0) throw new LabError(`${plan.stack}: not one review`);
  return review;
}

/** `2 headlines, flags: drift-found`. */
export function summaryOf({ headlines, flags }: Review): string {
  return `${headlines.length} ${headlines.length === 1 ? 'headline' : 'headlines'}, flags: ${flags.map(({ id }) => id).join(', ') || 'none'}`;
}

/** Everything is new: services, public routes, rights of callers, IAM roles. */
export function assertFirstDeploy(review: Review, { services }: Environment, resources: number): void {
  const created = review.counts.reduce((sum, { create }) => sum + create, 0);
  same(review, 'resources to create', created, resources);
  const newServices = headlinesOf(review).filter((line) => line.endsWith(': new service'));
  const expected = [...services.map(({ name }) => name), 'egress-gateway', 'ingress-gateway'].sort();
  same(
    review,
    'new services',
    newServices,
    expected.map((name) => `${name}: new service`),
  );
  same(review, 'flags', idsOf(review), [
    'public-exposure',
    'authorization-widened',
    'iam-granted',
    'public-route-added',
  ]);
}

export function assertEverydayEdit(review: Review): void {
  same(review, 'headlines', headlinesOf(review), EVERYDAY_HEADLINES);
  same(review, 'flags', idsOf(review), []);
}

export function assertEmptyReview(review: Review): void {
  same(review, 'headlines', headlinesOf(review), []);
  same(review, 'flags', idsOf(review), []);
}

/** @param addresses of the resources that were edited by hand */
export function assertDrift(review: Review, addresses: readonly string[]): void {
  same(review, 'flags', idsOf(review), ['drift-found']);
  const found = review.flags.flatMap(({ findings }) => findings.map(({ location }) => location)).sort();
  same(review, 'drift', found, [...addresses].sort());
}

function headlinesOf({ headlines }: Review): string[] {
  return headlines.map(({ subject, text }) => `${subject}: ${text}`);
}

function idsOf({ flags }: Review): string[] {
  return flags.map(({ id }) => id);
}

function same(review: Review, what: string, seen: unknown, expected: unknown): void {
  if (isDeepStrictEqual(seen, expected)) return;
  const [was, should] = [seen, expected].map((value) => JSON.stringify(value));
  throw new LabError(`${review.environment}: ${what} of the review are ${was}, expected ${should}`);
}
