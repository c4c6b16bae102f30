import type { Context } from '../engine/call';
import { secondsOf, type ApiObject } from '../engine/json';
import { invalid, refuse } from '../engine/refusal';
import { page, providerIssue, schemaText, type Source } from '../engine/source';

interface Threshold {
  readonly filter?: string;
  readonly duration?: string;
  readonly aggregations?: readonly { readonly alignmentPeriod?: string }[];
}
interface Condition extends ApiObject {
  readonly name?: string;
  readonly conditionThreshold?: Threshold;
  readonly conditionMatchedLog?: { readonly filter?: string };
  readonly conditionPrometheusQueryLanguage?: {
    readonly query?: string;
    readonly duration?: string;
    readonly evaluationInterval?: string;
    readonly ruleGroup?: string;
    readonly alertRule?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}
export interface AlertPolicy extends ApiObject {
  readonly displayName?: string;
  readonly enabled?: boolean;
  readonly conditions?: readonly Condition[];
  readonly notificationChannels?: readonly string[];
  readonly documentation?: {
    readonly content?: string;
    readonly subject?: string;
    readonly links?: readonly { readonly displayName?: string; readonly url?: string }[];
  };
  readonly alertStrategy?: { readonly autoClose?: string; readonly notificationRateLimit?: ApiObject };
  readonly creationRecord?: ApiObject;
}

const POLICY = 'monitoring.v3#AlertPolicy';
const DOCUMENTATION = schemaText('monitoring.v3#Documentation.content');
const LINKS = schemaText('monitoring.v3#Documentation.links');
const AUTO_CLOSE = page('monitoring/alerts/concepts-indepth#auto-close');
const RATE_LIMIT = schemaText('monitoring.v3#AlertStrategy.notificationRateLimit');
const FILTER = page('monitoring/api/v3/filters#filter_syntax');
const PROMETHEUS = 'monitoring.v3#PrometheusQueryLanguageCondition';
/** Resource types of Cloud Logging that Cloud Monitoring does not have. */
const LOGGING_ONLY = new Set(['iam_role', 'audited_resource']);

export function checkAlertPolicy(policy: AlertPolicy, context: Context): void {
  const { conditions = [], displayName = '', notificationChannels = [], alertStrategy = {} } = policy;
  limit(displayName.length, 512, 'displayName', schemaText(`${POLICY}.displayName`));
  if (conditions.length < 1 || conditions.length > 6)
    invalid('conditions: 1 to 6', schemaText(`${POLICY}.conditions`));
  limit(
    notificationChannels.length,
    16,
    'notificationChannels',
    page('monitoring/quotas#alerting_uptime_checks'),
  );
  checkDocumentation(policy.documentation ?? {});
  const { autoClose, notificationRateLimit } = alertStrategy;
  if (autoClose !== undefined && (secondsOf(autoClose) < 1_800 || secondsOf(autoClose) > 604_800))
    invalid('autoClose: 30 minutes to 7 days', AUTO_CLOSE);
  const matchesLogs = conditions.some(({ conditionMatchedLog }) => conditionMatchedLog !== undefined);
  if (notificationRateLimit !== undefined && !matchesLogs)
    invalid('notificationRateLimit is for log-based alerts', RATE_LIMIT);
  if (matchesLogs && notificationRateLimit === undefined)
    invalid('a log-based alert needs notificationRateLimit', RATE_LIMIT);
  if (matchesLogs && conditions.length > 1)
    invalid(
      'a log-based alert has one condition',
      page('logging/docs/alerting/log-based-alerts#lba-conditions'),
    );
  for (const condition of conditions) checkCondition(condition, context);
}

function checkDocumentation({
  content = '',
  subject = '',
  links = [],
}: NonNullable<AlertPolicy['documentation']>): void {
  limit(content.length, 8_192, 'documentation.content', DOCUMENTATION);
  limit(Buffer.byteLength(content), 10_240, 'documentation.content in bytes', DOCUMENTATION);
  limit(
    Buffer.byteLength(subject),
    10_240,
    'documentation.subject',
    schemaText('monitoring.v3#Documentation.subject'),
  );
  limit(links.length, 3, 'documentation.links', LINKS);
  for (const { displayName = '', url = '' } of links) {
    if (displayName === '')
      invalid('a link needs a displayName', schemaText('monitoring.v3#Link.displayName'));
    limit(displayName.length, 63, 'displayName of a link', schemaText('monitoring.v3#Link.displayName'));
    limit(url.length, 2_083, 'url of a link', schemaText('monitoring.v3#Link.url'));
  }
}

function checkCondition(condition: Condition, context: Context): void {
  const { conditionThreshold, conditionPrometheusQueryLanguage: promql, conditionMatchedLog } = condition;
  if (conditionThreshold !== undefined) checkThreshold(conditionThreshold, context);
  if (conditionMatchedLog !== undefined) {
    const { filter = '' } = conditionMatchedLog;
    if (filter.trim() === '') invalid('filter is required', schemaText('monitoring.v3#LogMatch.filter'));
    limit(filter.length, 20_000, 'filter', page('logging/quotas#log-limits'));
  }
  if (promql === undefined) return;
  const { query = '', evaluationInterval = '30s', alertRule, ruleGroup } = promql;
  if (query.trim() === '') invalid('query is required', schemaText(`${PROMETHEUS}.query`));
  if (secondsOf(evaluationInterval) <= 0 || secondsOf(evaluationInterval) % 30 !== 0)
    invalid('evaluationInterval: a multiple of 30 seconds', schemaText(`${PROMETHEUS}.evaluationInterval`));
  if (alertRule !== undefined && alertRule !== '' && !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(alertRule))
    invalid(`alertRule '${alertRule}' is not a Prometheus label name`, schemaText(`${PROMETHEUS}.alertRule`));
  if (ruleGroup !== undefined && ruleGroup !== '' && ruleGroup.trim() === '')
    invalid('ruleGroup is blank', schemaText(`${PROMETHEUS}.ruleGroup`));
  for (const label of Object.keys(promql.labels ?? {}))
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
      invalid(`label '${label}' is not a Prometheus label name`, schemaText(`${PROMETHEUS}.labels`));
}

function checkThreshold(
  { filter = '', duration = '0s', aggregations = [] }: Threshold,
  { world }: Context,
): void {
  limit(filter.length, 2_048, 'filter', schemaText('monitoring.v3#MetricThreshold.filter'));
  if (!/^select_slo/.test(filter)) {
    if (!/metric\.type\s*=/.test(filter)) invalid('the filter must restrict metric.type', FILTER);
    if (!/resource\.type\s*=/.test(filter)) invalid('the filter must restrict resource.type', FILTER);
  }
  const [, resourceType = ''] = /resource\.type\s*=\s*"([^"]+)"/.exec(filter) ?? [];
  if (LOGGING_ONLY.has(resourceType))
    invalid(`unknown resource type '${resourceType}'`, providerIssue(13_349));
  if (secondsOf(duration) % 60 !== 0)
    invalid('duration: a multiple of 60 seconds', schemaText('monitoring.v3#MetricThreshold.duration'));
  for (const { alignmentPeriod = '60s' } of aggregations)
    if (secondsOf(alignmentPeriod) < 60)
      invalid(
        'alignmentPeriod: at least 60 seconds',
        schemaText('monitoring.v3#Aggregation.alignmentPeriod'),
      );
  const [, metric] = /metric\.type\s*=\s*"logging\.googleapis\.com\/user\/([^"]+)"/.exec(filter) ?? [];
  if (metric === undefined) return;
  const name = `projects/${world.projectId}/metrics/${metric}`;
  const known = world.get('logging', name) !== undefined;
  if (!known || world.ageMs('logging', name) < world.switches.logMetricDelayMs)
    refuse(
      404,
      'NOT_FOUND',
      `Cannot find metric(s) that match type = "logging.googleapis.com/user/${metric}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
      providerIssue(11_102),
    );
}

function limit(length: number, most: number, what: string, source: Source): void {
  if (length > most) invalid(`${what}: at most ${most}`, source);
}
