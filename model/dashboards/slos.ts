/** Dashboard of the SLOs: error budgets, burn rates, and the canary compared with the stable version. */
import { canaryTests } from '../canary/tests';
import type { Environment } from '../environment';
import { STABLE_VERSION } from '../naming';
import { promDuration } from '../queries';
import type { Service } from '../service';
import { SLOW_RESPONSES_CHART } from '../slo/alerts';
import { shareOver } from '../slo/expressions';
import { latencyReading } from '../slo/latency-reading';
import { failedSelector, latencySelector, totalSelector, versionRequests } from '../slo/requests';
import {
  journeySubjects,
  monitoredServiceId,
  subjectsOf,
  effectiveSeverity,
  type Objective,
  type SloSubject,
} from '../slo/subjects';
import { formatMinutes } from '../quantity';
import { layOut, type Chart, type Dashboard, type Line, type Section } from './layout';

/** Windows of the paging alerts. Slower burn shows in the budget chart. */
const BURN_MINUTES = [60, 360] as const;
const HOUR = 60;
/** With late metrics, a shorter range may have a single sample, of which no rate can be computed. */
const SHORTEST_RANGE_MINUTES = 5;

/** Journeys come first. A service with a canary policy has a canary section even while no canary runs. */
export function renderSloDashboard(environment: Environment): Dashboard {
  const { services, mesh, project, name } = environment;
  const subjects = [
    ...journeySubjects(environment),
    ...services.flatMap((service) => subjectsOf(service, environment)),
  ];
  return layOut(`SLOs of the ${mesh.name}, ${name}`, [
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
        title: 'Remaining error budget',
        unit: 'share',
        lines: each((objective) => `select_slo_budget_fraction(${objective})`),
        limits: [{ value: 0, label: 'SLO missed' }],
      },
      ...BURN_MINUTES.map((minutes): Chart => ({
        title: `Burn rate over ${formatMinutes(minutes)}`,
        unit: 'burn rate',
        lines: each((objective) => `select_slo_burn_rate(${objective}, "${minutes * 60}s")`),
        limits: objectives.flatMap((objective) => burnLimits(subject, objective, minutes)),
      })),
      ...objectives.flatMap(slowResponses),
    ],
  };
}

/** Both bounds of the share of slow responses; one line if the threshold is a boundary of the histogram. */
function slowResponses({ requests, thresholdMs, targetPercent }: Objective): Chart[] {
  if (thresholdMs === undefined) return [];
  const { countedFromMs, certainFromMs = countedFromMs } = latencyReading(thresholdMs);
  return [
    {
      title: SLOW_RESPONSES_CHART,
      unit: 'share',
      lines: [...new Set([countedFromMs, certainFromMs])].map((boundaryMs) => ({
        query: shareOver(requests, boundaryMs, HOUR),
        legend: `over ${boundaryMs} ms${boundaryMs > thresholdMs ? ', slow for certain' : ''}`,
      })),
      limits: [{ value: Number((1 - targetPercent / 100).toPrecision(3)), label: 'SLO' }],
    },
  ];
}

/** Thresholds of the alerts in this window. An alert also requires the threshold in its short window. */
function burnLimits(subject: SloSubject, { indicator, burnRateAlerts }: Objective, minutes: number) {
  return burnRateAlerts
    .filter(({ longMinutes }) => longMinutes === minutes)
    .map(({ factor, severity }) => ({
      value: Number(factor.toPrecision(3)),
      label: `${indicator}: ${effectiveSeverity(subject, severity)}`,
    }));
}

/** Stable version and canary in the same charts, measured at their callers. */
function canarySections(service: Service): Section[] {
  const { canaryPolicy, slos } = service;
  if (canaryPolicy === undefined) return [];
  const versions = [STABLE_VERSION, canaryPolicy.version];
  const each = (query: (requests: ReturnType<typeof versionRequests>) => string): Line[] =>
    versions.map((version) => ({ query: query(versionRequests(service, version)), legend: version }));
  const { targetPercent, thresholdMs } = slos.latency;
  const { countedFromMs } = latencyReading(thresholdMs);
  const [availability] = canaryTests(service);
  if (availability === undefined) return [];
  const { budget } = availability.slow;
  const { failureShare } = availability.fast;
  const windowMinutes = Math.max(availability.fast.windowMinutes, SHORTEST_RANGE_MINUTES);
  const rate = (selector: string, minutes: number) => `rate(${selector}[${promDuration(minutes)}])`;
  const burn = (minutes: number) =>
    each((requests) => {
      const all = `sum(${rate(totalSelector(requests), minutes)})`;
      return `(sum(${rate(failedSelector(requests), minutes)}) or 0 * ${all}) / ${all} / ${budget}`;
    });
  return [
    {
      title: `${service.name}: ${canaryPolicy.version} beside ${STABLE_VERSION}`,
      subtitle: `Inputs of the canary detectors. Owner: ${service.owner}`,
      charts: [
        {
          title: 'Requests by version',
          unit: 'requests/s',
          lines: each((requests) => `sum(${rate(totalSelector(requests), windowMinutes)})`),
        },
        {
          title: `Availability burn rate over ${formatMinutes(windowMinutes)}`,
          unit: 'burn rate',
          lines: burn(windowMinutes),
          limits: [{ value: Number((failureShare / budget).toPrecision(3)), label: 'fast detector' }],
        },
        {
          title: `Availability burn rate over ${formatMinutes(HOUR)}`,
          unit: 'burn rate',
          lines: burn(HOUR),
          limits: [{ value: canaryPolicy.detection.smallestMultiple, label: 'slow detector' }],
        },
        {
          title: `p${targetPercent} latency (SLO: ${thresholdMs} ms)`,
          unit: 'ms',
          lines: each(
            (requests) =>
              `histogram_quantile(${Number((targetPercent / 100).toPrecision(6))}, sum by (le) (${rate(latencySelector(requests), windowMinutes)}))`,
          ),
          limits: [{ value: countedFromMs, label: 'counts as slow' }],
        },
      ],
    },
  ];
}
