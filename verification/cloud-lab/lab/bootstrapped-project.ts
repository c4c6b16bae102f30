import type { Environment } from '../../../model/environment';
import { SERVICE_AGENTS } from '../../../model/service-agents';
import { bootstrapSteps } from '../../../tools/bootstrap';
import type { Project } from '../engine/world';

export interface BootstrappedProject extends Project {
  /** Project-level roles of each account, by its e-mail address. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Permissions of the project's own roles, by `projects/<project>/roles/<role>`. */
  readonly customRoles: ReadonlyMap<string, readonly string[]>;
}

/** The project after `mesh bootstrap`: derived from its commands. */
export function bootstrappedProject(environment: Environment): BootstrappedProject {
  const { id, number } = environment.project;
  const commands = bootstrapSteps(environment, new Date().toISOString().slice(0, 10)).map(
    ({ command }) => command,
  );
  const matching = (...words: readonly string[]) =>
    commands.filter((command) => words.every((word, index) => command[index] === word));
  const services = matching('gcloud', 'services', 'enable').flatMap((command) =>
    command.slice(3).filter((word) => word.endsWith('.googleapis.com')),
  );
  const domains = Object.values(SERVICE_AGENTS);
  const agents = matching('gcloud', 'beta', 'services', 'identity', 'create').map((command) => {
    const api = optionOf(command, 'service').replace(/\.googleapis\.com$/, '');
    const domain = domains.find((agent) => agent.api === api)?.domain ?? `gcp-sa-${api}`;
    return `service-${number}@${domain}.iam.gserviceaccount.com`;
  });
  const accounts = matching('gcloud', 'iam', 'service-accounts', 'create').map(
    ([, , , , name = '']) => `${name}@${id}.iam.gserviceaccount.com`,
  );
  const roles = new Map<string, string[]>();
  for (const command of matching('gcloud', 'projects', 'add-iam-policy-binding')) {
    const account = optionOf(command, 'member').replace(/^serviceAccount:/, '');
    roles.set(account, [...(roles.get(account) ?? []), optionOf(command, 'role')]);
  }
  const customRoles = new Map(
    matching('gcloud', 'iam', 'roles', 'update').map((command) => [
      `projects/${id}/roles/${command[4]}`,
      optionOf(command, 'permissions').split(','),
    ]),
  );
  return {
    projectId: id,
    projectNumber: number,
    region: environment.region,
    services,
    accounts: [
      ...agents,
      ...accounts,
      `service-${number}@gs-project-accounts.iam.gserviceaccount.com`,
      // Cloud Logging creates it when somebody reads the settings.
      `cmek-p${number}@gcp-sa-logging.iam.gserviceaccount.com`,
    ],
    roles,
    customRoles,
  };
}

function optionOf(command: readonly string[], name: string): string {
  const prefix = `--${name}=`;
  return command.find((word) => word.startsWith(prefix))?.slice(prefix.length) ?? '';
}
