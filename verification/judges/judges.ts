import { admissionJudge } from './admission';
import { browsersJudge } from './browsers';
import { connectionsJudge } from './connections';
import { destinationsJudge } from './destinations';
import { edgeJudge } from './edge';
import { gatewayPodsJudge } from './gateway-pods';
import { inventoryJudge } from './inventory';
import { platformJudge } from './platform';
import { registryJudge } from './registry';
import { requestsJudge } from './requests';
import { rightsJudge } from './rights';
import { routesJudge } from './routes';
import { servicePodsJudge } from './service-pods';
import { servicesJudge } from './services';
import type { Judge, Subject } from './subject';
import { tokensJudge } from './tokens';

/** Quick ones first: the mutation test stops at the first finding. */
export const JUDGES: readonly Judge[] = [
  inventoryJudge,
  platformJudge,
  rightsJudge,
  admissionJudge,
  tokensJudge,
  edgeJudge,
  destinationsJudge,
  servicesJudge,
  servicePodsJudge,
  gatewayPodsJudge,
  registryJudge,
  routesJudge,
  browsersJudge,
  requestsJudge,
  connectionsJudge,
];

/** Kinds of which a judge reads every field. Objects of any other kind are findings. */
export const JUDGED_KINDS: ReadonlySet<string> = new Set(
  JUDGES.flatMap(({ kinds }) => (kinds === 'all' ? [] : kinds)),
);

/** Every finding of every judge, with the judge's name. */
export function judgeObjects(subject: Subject): string[] {
  const unknown = [...new Set(subject.objects.map(({ kind }) => kind))].filter(
    (kind) => !JUDGED_KINDS.has(kind),
  );
  return [
    ...unknown.map((kind) => `no judge reads objects of kind ${kind}`),
    ...JUDGES.flatMap(({ name, judge }) => judge(subject).map((finding) => `${name}: ${finding}`)),
  ];
}

/** The first finding of a judge that reads objects of the kind. */
export function firstFinding(subject: Subject, changedKind: string): string | undefined {
  if (!JUDGED_KINDS.has(changedKind)) return `no judge reads objects of kind ${changedKind}`;
  for (const { name, kinds, judge } of JUDGES) {
    if (kinds !== 'all' && !kinds.includes(changedKind)) continue;
    const [finding] = judge(subject);
    if (finding !== undefined) return `${name}: ${finding}`;
  }
  return undefined;
}
