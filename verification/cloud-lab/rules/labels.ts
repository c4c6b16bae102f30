import type { SchemaViolation } from '../discovery/violation';
import { visitLeaves } from '../engine/json';

/** Lower-case letters of any alphabet, digits, hyphens and underscores. @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements */
const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const HOLDERS = new Set(['labels', 'resourceLabels', 'userLabels']);
/** Fields called `labels` that have rules of their own. */
const OTHER = new Set(['metricDescriptor', 'resource', 'serviceLabels', 'monitoredResource']);

export function checkLabels(api: string, body: unknown): SchemaViolation[] {
  const violations: SchemaViolation[] = [];
  visitLeaves(body, (value, path) => {
    const holder = path.at(-2) ?? '';
    if (!HOLDERS.has(holder) || typeof value !== 'string' || path.some((step) => OTHER.has(step))) return;
    // The address of a notification channel, or labels of a Prometheus alert.
    if (api === 'monitoring' && holder === 'labels') return;
    const key = path.at(-1) ?? '';
    const report = (message: string) => violations.push({ path: path.join('.'), message, severity: 'error' });
    if (!KEY.test(key)) report(`'${key}' is not a valid label key`);
    if (!VALUE.test(value)) report(`'${value}' is not a valid label value`);
  });
  return violations;
}
