/**
 * The tests of each alert in promtool's format; JSON is YAML.
 *
 * An alert without a waiting time fires exactly while its expression has a result. So the expressions are evaluated
 * at the relevant times only: evaluating all rules every minute of three days takes a hundred times as long.
 */
import type { Environment } from '../../model/environment';
import { alertsOf, absenceMinutes, type Alert } from '../../model/slo/alerts';
import { journeySubjects, subjectsOf, type Objective, type SloSubject } from '../../model/slo/subjects';
import { LabError } from '../support/errors';
import { burnIncidents, absenceIncidents, type ReplayedIncident } from './incidents';
import type { SampleTimes } from './sample-times';
import { seriesOf } from './traffic';

export interface PromtoolCase {
  /** One for each incident. */
  readonly tests: readonly (object & { readonly name: string })[];
  readonly checks: number;
}

/**
 * Every alert of the environment, each with its own incidents.
 *
 * @param policies PromQL by `service/alert`, as synthesized
 * @throws LabError if catalogue and synthesized stacks do not have the same alerts
 */
export function promtoolCases(
  environment: Environment,
  policies: ReadonlyMap<string, string>,
  times: SampleTimes,
): PromtoolCase[] {
  const subjects = [
    ...environment.services.flatMap((service) => subjectsOf(service, environment)),
    ...journeySubjects(environment),
  ];
  const alerts = subjects.flatMap((subject) => alertsOf(subject).map((alert) => ({ subject, alert })));
  const expected = new Set(alerts.map(({ alert }) => keyOf(alert)));
  const unknown = [...policies.keys()].find((key) => !expected.has(key));
  if (unknown !== undefined)
    throw new LabError(`the catalogue has no alert '${unknown}'; run 'npm run synth' again`);
  return alerts.map(({ subject, alert }) => {
    const expression = policies.get(keyOf(alert));
    if (expression === undefined)
      throw new LabError(`'${keyOf(alert)}' has not been synthesized; run 'npm run synth' again`);
    return renderCase(subject, alert, expression, times);
  });
}

function keyOf({ labels, name }: Alert): string {
  return `${labels.service}/${name}`;
}

function renderCase(subject: SloSubject, alert: Alert, expression: string, times: SampleTimes): PromtoolCase {
  const objective = subject.objectives.find(({ name }) => alert.labels.slo === name);
  const incidents = incidentsOf(subject, alert, objective, times);
  return {
    tests: incidents.map(({ name, phases, checks }) => ({
      name: `${keyOf(alert)}: ${name}, ${times.name}`,
      interval: '1m',
      input_series: seriesOf(subject, objective, phases, times.missingEvery),
      promql_expr_test: checks.map(({ minute, firing }) => ({
        // Old versions of promtool do not print the names of tests, but expressions with their comments.
        expr: `# ${keyOf(alert)}: ${name}, ${times.name}\ncount(\n${expression}\n)`,
        eval_time: `${minute * 60 + times.evaluatedSeconds}s`,
        exp_samples: firing ? [{ labels: '{}', value: 1 }] : [],
      })),
    })),
    checks: incidents.reduce((sum, { checks }) => sum + checks.length, 0),
  };
}

function incidentsOf(
  subject: SloSubject,
  alert: Alert,
  objective: Objective | undefined,
  times: SampleTimes,
): ReplayedIncident[] {
  if (objective !== undefined) return burnIncidents(alert, objective, times);
  const minutes = absenceMinutes(subject.requestsPerSecond);
  return minutes === undefined ? [] : absenceIncidents(subject, minutes, times);
}
