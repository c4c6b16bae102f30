/** The order in which a push deploys the environments, from what they promote from and whether they are production. */
import type { Environment } from '../../model/environment';
import { compareCodeUnits } from '../../model/source/violation';

export interface DeployOrder {
  /** Deployed at once, side by side: nothing is promoted from or to them, and they are no production. */
  readonly immediate: readonly string[];
  /** Deployed afterwards, one after the other, each wave after its approval. */
  readonly approved: readonly string[];
}

type Ordered = Pick<Environment, 'name' | 'production' | 'promotion'>;

export function deployOrder(environments: readonly Ordered[]): DeployOrder {
  const sources = new Set(environments.flatMap(({ promotion }) => promotion?.from ?? []));
  const isImmediate = ({ name, production, promotion }: Ordered) =>
    !production && promotion === undefined && !sources.has(name);
  const names = (found: readonly Ordered[]) => found.map(({ name }) => name);
  const byRank = (one: Ordered, other: Ordered) =>
    rankOf(one, environments) - rankOf(other, environments) || compareCodeUnits(one.name, other.name);
  return {
    immediate: names(environments.filter(isImmediate)).sort(compareCodeUnits),
    approved: names(environments.filter((environment) => !isImmediate(environment)).sort(byRank)),
  };
}

/** An environment comes after the one it promotes from, and production after the others of its rank. */
function rankOf({ production, promotion }: Ordered, environments: readonly Ordered[]): number {
  const source = environments.find(({ name }) => name === promotion?.from);
  // A catalogue with a circle of promotions is invalid; the remaining list ends the search in any case.
  const others = environments.filter((environment) => environment !== source);
  return (source === undefined ? 0 : rankOf(source, others) + 2) + (production ? 1 : 0);
}
