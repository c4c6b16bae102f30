import { EXTERNAL_CLIENTS } from '../facts/fact';
import type { FactChange } from '../fact-change';
import type { Finding, Flag } from './flag';

export const authorizationWidened: Flag = {
  id: 'authorization-widened',
  severity: 'high',
  title: 'Somebody may ask for more than before',
  find: ({ facts }) => facts.flatMap(widened),
};

function widened(change: FactChange): Finding[] {
  if (change.kind === 'setting') {
    const { before, after } = change;
    // A policy that denies is a bound, too.
    return before?.topic === 'access' && after === undefined
      ? [{ what: `${before.label} is gone`, where: before.subject }]
      : [];
  }
  const { before, after } = change;
  // What the public may ask has a flag of its own.
  if (after === undefined || after.caller === EXTERNAL_CLIENTS) return [];
  const { caller, callerVersion, method, path, label, subject } = after;
  const who = callerVersion === undefined ? caller : `${caller} ${callerVersion}`;
  const request = `${label === '' ? '' : `${label} `}${method} ${path}`;
  if (before === undefined) return [{ what: `${who} may send ${request}`, where: subject }];
  return after.token === 'none' ? [{ what: `${who} needs no token for ${request}`, where: subject }] : [];
}
