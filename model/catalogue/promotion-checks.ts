/** Checks of `promotion` across the environments. */
import type { EnvironmentSpec } from '../schema/environment-schema';
import { unknownName, type SpecViolation } from './parse';

/** @param known names of every environment file, also of invalid ones */
export function checkPromotion(
  { name, promotion }: EnvironmentSpec,
  environments: readonly EnvironmentSpec[],
  known: readonly string[],
): SpecViolation[] {
  if (promotion === undefined) return [];
  const path = ['promotion', 'from'];
  const others = known.filter((other) => other !== name);
  if (!others.includes(promotion.from))
    return [unknownName(path, promotion.from, 'other environment', others)];
  const trail = [name];
  for (let next: string | undefined = promotion.from; next !== undefined;) {
    if (next === name)
      return [
        {
          path,
          rule: `closes the cycle ${[...trail, name].join(' ← ')}`,
          fix: 'remove promotion from the environment that gets images first',
        },
      ];
    // A cycle without this environment is reported at its members.
    if (trail.includes(next)) return [];
    trail.push(next);
    next = environments.find((other) => other.name === next)?.promotion?.from;
  }
  return [];
}
