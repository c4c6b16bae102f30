/**
 * How much the PromQL alert policies of an environment query Cloud Monitoring. Google limits the number of policies, not
 * their queries, and bills the points that these return.
 *
 * @see docs/decisions/0046-alerts-query-at-full-resolution.md
 */
import { canaryDetectors } from '../canary/detectors';
import type { Environment } from '../environment';
import { alertsOf } from './alerts';
import { journeySubjects, subjectsOf } from './subjects';

export interface AlertLoad {
  /** Alert policies of SLOs, and of the canaries that run. */
  readonly policies: number;
  readonly evaluationsPerMinute: number;
  /** Queries that read a metric; each returns one point. */
  readonly queriesPerMinute: number;
  /** Of the queries, evaluations within subqueries, which return no points. */
  readonly subqueryStepsPerMinute: number;
}

/** Cloud Monitoring evaluates canary alerts once a minute. */
const CANARY_EVALUATION_SECONDS = 60;

export function alertLoad(environment: Environment): AlertLoad {
  const { services } = environment;
  const subjects = [
    ...services.flatMap((service) => subjectsOf(service, environment)),
    ...journeySubjects(environment),
  ];
  const evaluated = [
    ...subjects
      .flatMap(alertsOf)
      .map(({ expression, evaluationSeconds }) => ({ expression, seconds: evaluationSeconds })),
    ...services
      .flatMap(canaryDetectors)
      .map(({ query }) => ({ expression: query, seconds: CANARY_EVALUATION_SECONDS })),
  ];
  const perMinute = (count: (expression: string) => number) =>
    Math.round(
      evaluated.reduce((sum, { expression, seconds }) => sum + (count(expression) * 60) / seconds, 0),
    );
  return {
    policies: evaluated.length,
    evaluationsPerMinute: perMinute(() => 1),
    queriesPerMinute: perMinute((expression) => clausesOf(expression).length),
    subqueryStepsPerMinute: perMinute(subquerySteps),
  };
}

/**
 * The parts of an expression that read a metric, each of which is a query of its own.
 *
 * @see https://cloud.google.com/monitoring/alerts/cost-control
 */
export function clausesOf(expression: string): readonly string[] {
  return expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .split(/==|!=|[<>]=?|\b(?:and|or|unless)\b/)
    .filter((clause) => clause.includes('istio_io:'));
}

/** Evaluations of the inner expressions of all subqueries, in one evaluation. */
function subquerySteps(expression: string): number {
  return [...expression.matchAll(/\[(\d+)s:(\d+)m\]/g)].reduce(
    (sum, [, seconds = '0', stepMinutes = '1']) =>
      sum + Math.ceil(Number(seconds) / 60 / Number(stepMinutes)),
    0,
  );
}
