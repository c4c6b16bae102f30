/** The alert policies that Terraform gets, from the synthesized JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectStacks } from '../../tools/synthesized-stacks';

interface PolicyJson {
  readonly user_labels?: Readonly<Record<string, string>>;
  readonly conditions: readonly {
    readonly condition_prometheus_query_language?: {
      readonly query: string;
      readonly rule_group?: string;
      readonly alert_rule?: string;
    };
  }[];
}

/** PromQL by `service/alert`, with the alert's name as in the model (rules have no hyphens), of every policy for an SLO. */
export function alertPolicies(outputFolder: string, environment: string): ReadonlyMap<string, string> {
  const policies = selectStacks(outputFolder, environment, [])
    .filter(({ kind }) => kind === 'mesh-policies')
    .flatMap(({ folder }) => {
      const stack = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as {
        readonly resource?: {
          readonly google_monitoring_alert_policy?: Readonly<Record<string, PolicyJson>>;
        };
      };
      return Object.values(stack.resource?.google_monitoring_alert_policy ?? {});
    })
    // Policies of canaries name an SLO too, and the action of the rollback controller.
    .filter(({ user_labels: labels }) => labels?.['slo'] !== undefined && !('action' in labels));
  return new Map(
    policies.flatMap(({ conditions }) =>
      conditions.flatMap(({ condition_prometheus_query_language: condition }): [string, string][] =>
        condition === undefined
          ? []
          : [
              [
                `${condition.rule_group ?? ''}/${(condition.alert_rule ?? '').replaceAll('_', '-')}`,
                asRead(condition.query),
              ],
            ],
      ),
    ),
  );
}

/** Terraform writes a literal `${` as `$${`, and `%{` as `%%{`. */
function asRead(query: string): string {
  return query.replace(/([$%])\1\{/g, '$1{');
}
