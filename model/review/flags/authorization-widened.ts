import { EXTERNAL_CLIENTS } from '../facts/fact';
import {
  describeSettingChange,
  isWeakened,
  loosenedAdmission,
  type FactChange,
  type SettingChange,
} from '../fact-change';
import type { Flag, RiskFinding } from './flag';

export const authorizationWidened: Flag = {
  id: 'authorization-widened',
  severity: 'high',
  title: 'Authorization widened',
  find: ({ facts }) => facts.flatMap(widened),
};

function widened(change: FactChange): RiskFinding[] {
  if (change.kind === 'setting') {
    const { before, after } = change;
    if ((before ?? after)?.topic === 'connection') return newConnections(change);
    // Removing a DENY policy widens access, too.
    return before?.topic === 'access' && after === undefined
      ? [{ message: `${before.label} removed`, location: before.subject }]
      : [];
  }
  const { before, after } = change;
  // `public-exposure` covers external clients.
  if (after === undefined || after.caller === EXTERNAL_CLIENTS) return [];
  const { caller, callerVersion, method, path, label, subject } = after;
  const client = callerVersion === undefined ? caller : `${caller} ${callerVersion}`;
  const request = `${label === '' ? '' : `${label} `}${method} ${path}`;
  if (before === undefined) return [{ message: `${client} may now send ${request}`, location: subject }];
  return loosenedAdmission(change).map((condition) => ({
    message: `${client} no longer needs ${condition} for ${request}`,
    location: subject,
  }));
}

/** Below the mesh: firewall, NetworkPolicies, Sidecars, and projects with access to the database. */
function newConnections(change: SettingChange): RiskFinding[] {
  const { before, after } = change;
  const isNew =
    before === undefined && after !== undefined && after.minor === undefined && after.items !== undefined;
  if (!isNew && !isWeakened(change)) return [];
  const { label, subject } = (after ?? before)!;
  return [{ message: `${label} ${describeSettingChange(change)}`, location: subject }];
}
