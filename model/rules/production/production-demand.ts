import type { Environment } from '../../environment';
import type { Path } from '../../source/yaml-document';
import type { Rule } from '../rule';

/** What an environment that takes cards may not do without. */
export interface ProductionDemand extends Pick<Rule, 'id' | 'title' | 'rationale' | 'source' | 'fix'> {
  /** Of the switch in the environment file. */
  readonly path: Path;
  readonly isMet: (environment: Environment) => boolean;
  readonly message: (environment: Environment) => string;
}

/** An error in environments with `production: true`, nothing elsewhere. */
export function productionDemand({ path, isMet, message, ...facts }: ProductionDemand): Rule {
  return {
    ...facts,
    severity: 'error',
    check: (environment) =>
      !environment.production || isMet(environment)
        ? []
        : [{ kind: 'environment', name: environment.name, path, message: message(environment) }],
  };
}
