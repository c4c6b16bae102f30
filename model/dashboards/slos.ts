/** How much of each error budget is left, how fast it burns, and how a canary burns beside the stable version. */
import { canaryTests } from '../canary/tests';
import type { Environment } from '../environment';
import { STABLE_VERSION } from '../naming';
import { promDuration } from '../queries';
import type { Service } from '../service';
import { failedSelector, latencySelector, totalSelector, versionRequests } from '../slo/requests';
import {
  journeySubjects,
  monitoredServiceId,
  subjectsOf,
  urgencyOf,
  type Objective,
  type SloSubject,
} from '../slo/subjects';
import { formatMinutes } from '../quantity';
import { layOut, type Chart, type Dashboard, type Line, type Section } from './layout';

/** What pages look back on; a slower burn is read off the budget. */
const BURN_MINUTES = [60, 360] as const;
const HOUR = 60;

/** Journeys first: they are what the public sees. A canary's section is there whether or not one runs. */
export function renderSloDashboard(environment: Environment): Dashboard {
  const { services, mesh, project, name } = environment;
  const subjects = [
    ...journeySubjects(environment),
    ...services.flatMap((service) => subjectsOf(service, environment)),
  ];
  return layOut(`Promises of the ${mesh.name}, ${name}`, [
    ...subjects.map((subject) => sloSection(subject, project.number)),
    ...services.flatMap(canarySections),
  ]);
}

function sloSection(subject: SloSubject, projectNumber: string): Section {
  const { objectives, title, owner } = subject;
  const each = (selector: (objective: string) => string): Line[] =>
    objectives.map((objective) => ({
      filter: selector(
        `"projects/${projectNumber}/services/${monitoredServiceId(subject)}/serviceLevelObjectives/${objective.name}"`,
      ),
      legend: objective.indicator,
    }));
  return {
    title,
    subtitle: `${objectives.map(({ sentence }) => sentence).join('; ')}. Owner: ${owner}`,
    charts: [
      {
        title: 'Error budget left',
        unit: 'share',
        lines: each((objective) => `select_slo_budget_fraction(${objective})`),
        limits: [{ value: 0, label: 'promise broken' }],
      },
      ...BURN_MINUTES.map((minutes): Chart => ({
        title: `Burn over ${formatMinutes(minutes)}`,
        unit: 'times the budget',
        lines: each((objective) => `select_slo_burn_rate(${objective}, "${minutes * 60}s")`),
        limits: objectives.flatMap((objective) => burnLimits(subject, objective, minutes)),
      })),
    ],
  };
}

/** Where an alert fires, if it still burns as fast over the shorter window. */
function burnLimits(subject: SloSubject, { indicator, burnRateAlerts }: Objective, minutes: number) {
  return burnRateAlerts
    .filter(({ longMinutes }) => longMinutes === minutes)
    .map(({ factor, severity }) => ({
      value: Number(factor.toPrecision(3)),
      label: `${indicator}: ${urgencyOf(subject, severity)}`,
    }));
}

/** Versions of a service that may have a canary, side by side, as their callers see them. */
function canarySections(service: Service): Section[] {
  const { canaryPolicy, slos } = service;
  if (canaryPolicy === undefined) return [];
  const versions = [STABLE_VERSION, canaryPolicy.version];
  const each = (query: (requests: ReturnType<typeof versionRequests>) => string): Line[] =>
    versions.map((version) => ({ query: query(versionRequests(service, version)), legend: version }));
  const { targetPercent, thresholdMs } = slos.latency;
  const [availability] = canaryTests(service);
  if (availability === undefined) return [];
  const { budget } = availability.slow;
  const { windowMinutes, failureShare } = availability.fast;
  const rate = (selector: string, minutes: number) => `rate(${selector}[${promDuration(minutes)}])`;
  const burn = (minutes: number) =>
    each((requests) => {
      const all = `sum(${rate(totalSelector(requests), minutes)})`;
      return `(sum(${rate(failedSelector(requests), minutes)}) or 0 * ${all}) / ${all} / ${budget}`;
    });
  return [
    {
      title: `${service.name}: ${canaryPolicy.version} beside ${STABLE_VERSION}`,
      subtitle: `Compared by the canary's detectors. Owner: ${service.owner}`,
      charts: [
        {
          title: 'Requests by version',
          unit: 'requests/s',
          lines: each((requests) => `sum(${rate(totalSelector(requests), windowMinutes)})`),
        },
        {
          title: `Availability burn over ${formatMinutes(windowMinutes)}`,
          unit: 'times the budget',
          lines: burn(windowMinutes),
          limits: [{ value: Number((failureShare / budget).toPrecision(3)), label: 'gross failure' }],
        },
        {
          title: `Availability burn over ${formatMinutes(HOUR)}`,
          unit: 'times the budget',
          lines: burn(HOUR),
          limits: [{ value: canaryPolicy.detection.smallestMultiple, label: 'found by the slow detector' }],
        },
        {
          title: `p${targetPercent} (promise: ${thresholdMs} ms)`,
          unit: 'ms',
          lines: each(
            (requests) =>
              `histogram_quantile(${Number((targetPercent / 100).toPrecision(6))}, sum by (le) (${rate(latencySelector(requests), windowMinutes)}))`,
          ),
          limits: [{ value: thresholdMs }],
        },
      ],
    },
  ];
}
