import type { Environment } from '../../../model/environment';
import type { KubernetesManifest } from '../../../verification/kubernetes/kubernetes-object';
import { JUDGED_KINDS, JUDGES } from '../../../verification/judges/judges';
import { objectsOf, synthEnvironment } from '../synth';

/** Audits that the objects of all stacks do what the catalogue declares, and that a judge explains each field. */
export function auditJudges(environment: Environment): void {
  const objects = everyObject(environment);

  test.each(JUDGES.map((judge) => [judge.name, judge] as const))('%s', (_, { judge }) => {
    expect(judge({ environment, objects })).toEqual([]);
  });

  test('there is a judge for every kind of object', () => {
    expect(objects.map(({ kind }) => kind).filter((kind) => !JUDGED_KINDS.has(kind))).toEqual([]);
  });
}

export function everyObject(environment: Environment): KubernetesManifest[] {
  return [...synthEnvironment(environment).values()].flatMap((stack) => [
    ...objectsOf(stack).values(),
  ]) as unknown as KubernetesManifest[];
}
