import { EXTERNAL_CLIENTS } from '../facts/fact';
import type { FactChange } from '../fact-change';
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
  return after.token === 'none'
    ? [{ message: `${client} no longer needs an end-user token for ${request}`, location: subject }]
    : [];
}
