import { trustDomain } from '../../model/naming';
import { type Environment } from '../../model/environment';
import { judge, type Verdict } from '../claim';
import { startKubernetes } from '../kubernetes/api-server';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { scratchFolder } from '../scratch-folder';
import { Teardown } from '../teardown';
import { labTools } from '../tools/lab-tools';
import { admissionClaims } from './admission';
import { analysisClaims, type Subject } from './analysis';

/** Puts the objects of every environment before Istio's analyzers and a real API server. */
export async function proveStatics(
  environments: readonly Environment[],
  objectsOf: (environment: string) => readonly KubernetesObject[],
  tell: (verdict: Verdict) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<Verdict[]> {
  const tools = await labTools(['mesh'], () => undefined);
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'lab-static-');
  try {
    const kubernetes = await startKubernetes();
    teardown.add(() => kubernetes.stop());
    const subjects = environments.map(({ name, project }): Subject => ({
      environment: name,
      objects: objectsOf(name),
      trustDomain: trustDomain(project.id),
    }));
    const claims = subjects.flatMap((subject) => [
      ...analysisClaims(tools, folder, subject),
      ...admissionClaims(kubernetes.client, subject),
    ]);
    return await judge(
      claims.filter(({ id }) => chosen(id)),
      tell,
    );
  } finally {
    await teardown.run();
  }
}
