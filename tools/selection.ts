/** Resolves names from the command line. */
import type { Catalogue, Environment } from '../model/environment';
import type { Service } from '../model/service';
import { choices } from '../model/source/suggest';
import { UsageError } from './command-line';

export function environmentNamed({ environments }: Catalogue, name: string): Environment {
  const found = environments.find((environment) => environment.name === name);
  if (found) return found;
  const names = environments.map((environment) => environment.name);
  throw new UsageError(`unknown environment '${name}'; ${choices(name, names)}`);
}

/** The environment of that name; without a name, the first production environment, otherwise the first one. */
export function environmentOrDefault(catalogue: Catalogue, name: string | undefined): Environment {
  if (name !== undefined) return environmentNamed(catalogue, name);
  const { environments } = catalogue;
  const found = environments.find(({ production }) => production) ?? environments[0];
  if (found === undefined)
    throw new UsageError('the catalogue has no environment; add environments/dev.yaml');
  return found;
}

export function serviceNamed(environment: Environment, name: string): Service {
  const found = environment.services.find((service) => service.catalogueName === name);
  if (found) return found;
  if (environment.unreleased.includes(name))
    throw new UsageError(`'${name}' is not released in '${environment.name}' yet; choose another --env`);
  const names = environment.services.map((service) => service.catalogueName);
  throw new UsageError(`unknown service '${name}'; ${choices(name, names)}`);
}

export function formatNamed<T extends string>(name: string, formats: readonly T[]): T {
  const found = formats.find((format) => format === name);
  if (found !== undefined) return found;
  throw new UsageError(`unknown format '${name}'; ${choices(name, formats)}`);
}
