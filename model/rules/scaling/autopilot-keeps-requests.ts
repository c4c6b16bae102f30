import type { Rule, RuleViolation } from '../rule';
import type { Service } from '../../service';

/** Of one container, on the general-purpose platform with bursting. */
const LEAST = { cpuMillicores: 50, memoryMiB: 52 } as const;
/** Of one pod, on the general-purpose platform. */
const MOST = { cpuMillicores: 30_000, memoryMiB: 112_640 } as const;
/** GiB of memory per vCPU. */
const RATIO = { least: 1, most: 6.5 } as const;

export const autopilotKeepsRequests: Rule = {
  id: 'SCL-006',
  title: 'Autopilot accepts the requests unchanged',
  severity: 'error',
  rationale:
    'Autopilot raises requests outside of its limits when it admits the pod, so every later plan shows a change that no apply removes.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests',
  fix: 'request at least 50 millicores and 52 MiB, and 1 to 6.5 GiB per vCPU',
  check: ({ cluster, services }) =>
    cluster.mode !== 'autopilot' ? [] : services.flatMap((service) => violationsOf(service)),
};

function violationsOf({ name, resources: { cpuMillicores, memoryMiB } }: Service): RuleViolation[] {
  const at = (key: string, message: string, fix: string): RuleViolation[] => [
    { kind: 'service', name, path: ['resources', key], message, fix },
  ];
  if (cpuMillicores < LEAST.cpuMillicores || cpuMillicores > MOST.cpuMillicores)
    return at(
      'cpuMillicores',
      `Autopilot does not run a pod with a request of ${cpuMillicores} millicores`,
      `use ${LEAST.cpuMillicores} to ${MOST.cpuMillicores}`,
    );
  const least = Math.max(LEAST.memoryMiB, Math.ceil((cpuMillicores / 1_000) * RATIO.least * 1_024));
  const most = Math.min(MOST.memoryMiB, Math.floor((cpuMillicores / 1_000) * RATIO.most * 1_024));
  if (memoryMiB >= least && memoryMiB <= most) return [];
  return at(
    'memoryMiB',
    `Autopilot changes ${memoryMiB} MiB for ${cpuMillicores} millicores`,
    `use ${least} to ${most}, or another cpuMillicores`,
  );
}
