/** Compares the quota that an environment needs with the limits of its project. */
import type { Environment } from '../../model/environment';
import { quotaDemand, shortagesOf, type QuotaDemand, type QuotaLimits } from '../../model/quota-demand';
import { runSync } from '../process';
import type { CommandLine } from './step';

/** What is too small, one sentence each. */
export interface QuotaReport {
  /** The first apply fails. */
  readonly errors: readonly string[];
  /** The peak is not reached, or the limit is unknown. */
  readonly warnings: readonly string[];
}

/** Commands that read the limits. They need `compute.regions.get` and `compute.projects.get`. */
export function quotaCommands({
  project,
  region,
}: Environment): Readonly<Record<QuotaDemand['scope'], CommandLine>> {
  const options = [`--project=${project.id}`, '--format=json(quotas)'] as const;
  return {
    region: ['gcloud', 'compute', 'regions', 'describe', region, ...options],
    project: ['gcloud', 'compute', 'project-info', 'describe', ...options],
  };
}

/** What the environment needs, one line for each quota. */
export function renderDemand(environment: Environment): string[] {
  return quotaDemand(environment).map(
    (demand) =>
      `${titleOf(demand, environment)}: ${demand.atRest} ${demand.unit} at rest, ${demand.atPeak} at the peak`,
  );
}

/** Reads the limits of the project. A project whose limits cannot be read gets a warning. */
export function checkQuotas(environment: Environment): QuotaReport {
  const limits = readLimits(environment);
  if (typeof limits === 'string') return { errors: [], warnings: [limits] };
  const { id } = environment.project;
  const request = `request a higher quota at https://console.cloud.google.com/iam-admin/quotas?project=${id}`;
  const found = shortagesOf(quotaDemand(environment), limits).map((shortage) => {
    const { limit, atRest, atPeak, unit } = shortage;
    const title = titleOf(shortage, environment);
    if (limit === undefined)
      return {
        isError: false,
        text: `${title} is not reported; check by hand that it allows ${atPeak} ${unit}`,
      };
    return limit < atRest
      ? {
          isError: true,
          text: `${title} is ${limit}, but the environment needs ${atRest} ${unit} at rest and ${atPeak} at the peak; ${request}`,
        }
      : {
          isError: false,
          text: `${title} is ${limit}, enough at rest (${atRest} ${unit}), but not for the peak of ${atPeak}; ${request}`,
        };
  });
  const textsWith = (isError: boolean) =>
    found.filter((it) => it.isError === isError).map(({ text }) => text);
  return { errors: textsWith(true), warnings: textsWith(false) };
}

function titleOf({ metric, scope }: Pick<QuotaDemand, 'metric' | 'scope'>, { region }: Environment): string {
  return `quota ${metric} ${scope === 'region' ? `in ${region}` : 'of the project'}`;
}

/** The limits, or one sentence with the reason why they cannot be read. */
function readLimits(environment: Environment): QuotaLimits | string {
  const commands = quotaCommands(environment);
  const read = (scope: QuotaDemand['scope']) => {
    const [program, ...args] = commands[scope];
    const { exitCode, stdout } = runSync(program, args, { stderr: 'ignore' });
    return exitCode === 0 ? limitsIn(stdout) : undefined;
  };
  const [region, project] = [read('region'), read('project')];
  if (region === undefined || project === undefined)
    return `the quotas of ${environment.project.id} cannot be read; compare them with the demand that --dry-run prints`;
  return { region, project };
}

function limitsIn(json: string): ReadonlyMap<string, number> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { quotas } = (parsed ?? {}) as { readonly quotas?: readonly { metric?: unknown; limit?: unknown }[] };
  if (!Array.isArray(quotas)) return undefined;
  return new Map(
    quotas.flatMap(({ metric, limit }: { metric?: unknown; limit?: unknown }) =>
      typeof metric === 'string' && typeof limit === 'number' ? [[metric, limit] as const] : [],
    ),
  );
}
