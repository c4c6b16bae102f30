/** Names from the command line, looked up in the catalogue. */
import type { Catalogue, Environment } from '../model/environment';
import type { Service } from '../model/service';
import { choices } from '../model/source/suggest';
import { UsageError } from './usage-error';

export function environmentNamed({ environments }: Catalogue, name: string): Environment {
  const found = environments.find((environment) => environment.name === name);
  if (found) return found;
  const names = environments.map((environment) => environment.name);
  throw new UsageError(`'${name}' is no environment; ${choices(name, names)}`);
}

export function serviceNamed(environment: Environment, name: string): Service {
  const found = environment.services.find((service) => service.catalogueName === name);
  if (found) return found;
  if (environment.unreleased.includes(name))
    throw new UsageError(`'${name}' has no release in '${environment.name}' yet; ask for another --env`);
  const names = environment.services.map((service) => service.catalogueName);
  throw new UsageError(`'${name}' is no service; ${choices(name, names)}`);
}

/** One of the formats that a command can print. */
export function formatNamed<T extends string>(name: string, formats: readonly T[]): T {
  const found = formats.find((format) => format === name);
  if (found !== undefined) return found;
  throw new UsageError(`'${name}' is no format; ${choices(name, formats)}`);
}
