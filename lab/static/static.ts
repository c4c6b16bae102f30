import { trustDomain } from '../../model/naming';
import { type Environment } from '../../model/environment';
import { judge, type Claim, type Verdict } from '../claim';
import { startKubernetes } from '../kubernetes/api-server';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { scratchFolder } from '../scratch-folder';
import { orTearDown, Teardown } from '../teardown';
import { labTools } from '../tools/lab-tools';
import { admissionClaims } from './admission';
import { analysisClaims, type Subject } from './analysis';

/** An API server and Istio's analyzers, ready to be asked about any objects. */
export interface StaticGround {
  readonly claims: (environment: Environment, objects: readonly KubernetesObject[]) => Claim[];
  readonly stop: () => Promise<void>;
}

export async function startStaticGround(): Promise<StaticGround> {
  const tools = await labTools(['mesh'], () => undefined);
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-static-');
    const kubernetes = await startKubernetes();
    teardown.add(() => kubernetes.stop());
    return {
      stop: () => teardown.run(),
      claims: ({ name, project }, objects) => {
        const subject: Subject = { environment: name, objects, trustDomain: trustDomain(project.id) };
        return [...analysisClaims(tools, folder, subject), ...admissionClaims(kubernetes.client, subject)];
      },
    };
  });
}

/** Puts the objects of every environment before Istio's analyzers and a real API server. */
export async function proveStatics(
  environments: readonly Environment[],
  objectsOf: (environment: string) => readonly KubernetesObject[],
  tell: (verdict: Verdict) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<Verdict[]> {
  const ground = await startStaticGround();
  try {
    const claims = environments.flatMap((environment) =>
      ground.claims(environment, objectsOf(environment.name)),
    );
    return await judge(
      claims.filter(({ id }) => chosen(id)),
      tell,
    );
  } finally {
    await ground.stop();
  }
}
