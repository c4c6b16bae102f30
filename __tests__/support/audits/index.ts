/** What holds for the stacks of every valid catalogue. A failure is a defect of the platform, not of the catalogue. */
import type { Environment } from '../../../model/environment';
import { auditAccess } from './access';
import { auditAlerts } from './alerts';
import { auditConnections } from './connections';
import { auditDashboards } from './dashboards';
import { auditGate } from './gate';
import { auditHardening } from './hardening';
import { auditInvariants } from './invariants';
import { auditJudges } from './judges';
import { auditResources } from './resources';
import { auditRouting } from './routing';

const AUDITS = {
  access: auditAccess,
  connections: auditConnections,
  routing: auditRouting,
  resources: auditResources,
  hardening: auditHardening,
  alerts: auditAlerts,
  dashboards: auditDashboards,
  gate: auditGate,
  invariants: auditInvariants,
  judges: auditJudges,
};

/** Defines the tests of every audit, for the stacks of the environment. */
export function auditEnvironment(environment: Environment): void {
  describe.each(Object.entries(AUDITS))('%s', (_, audit) => audit(environment));
}
