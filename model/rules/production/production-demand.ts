import type { Environment } from '../../environment';
import type { Path } from '../../source/yaml-document';
import type { Rule } from '../rule';

/** A setting that production environments must have. */
export interface ProductionDemand extends Pick<Rule, 'id' | 'title' | 'rationale' | 'source' | 'fix'> {
  /** Path of the setting in the environment file. */
  readonly path: Path;
  readonly isSatisfied: (environment: Environment) => boolean;
  readonly message: (environment: Environment) => string;
}

/** A rule for environments with `production: true` only. */
export function productionDemand({ path, isSatisfied, message, ...facts }: ProductionDemand): Rule {
  return {
    ...facts,
    severity: 'error',
    check: (environment) =>
      !environment.production || isSatisfied(environment)
        ? []
        : [{ kind: 'environment', name: environment.name, path, message: message(environment) }],
  };
}
