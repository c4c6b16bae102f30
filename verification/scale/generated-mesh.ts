/** A mesh of generated services, synthesized like the real one. */
import { join } from 'node:path';
import { loadCatalogue } from '../../model/catalogue/load';
import { type Environment } from '../../model/environment';
import { type Service, type Version } from '../../model/service';
import { writeCatalogue } from '../bench/generated-catalogue';
import { today } from '../../tools/catalogue';
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { LabError } from '../support/errors';
import { objectsOf, synthesize } from '../support/synthesized';

export interface GeneratedMesh {
  readonly environment: Environment;
  readonly objects: readonly KubernetesManifest[];
  /** Calls a typical number of services, one of them with a canary. */
  readonly measured: Version;
  /** The callee whose canary weight is changed. */
  readonly edited: Service;
}

/** @param folder for the catalogue and the synthesized stacks */
export async function generateMesh(folder: string, serviceCount: number): Promise<GeneratedMesh> {
  const catalogue = join(folder, 'catalogue');
  const output = join(folder, 'synthesized');
  writeCatalogue(catalogue, serviceCount);
  await synthesize(output, catalogue);
  const [environment] = loadCatalogue(catalogue, today()).environments;
  if (environment === undefined) throw new Error('the generated catalogue has no environment');
  const named = new Map(environment.services.map((service) => [service.name, service]));
  for (const { versions, ingress } of environment.services) {
    const [version] = versions;
    const edited = version.calls
      .map(({ service }) => named.get(service))
      .find((callee) => (callee?.versions.length ?? 0) > 1);
    if (edited === undefined || versions.length > 1 || ingress.length > 0) continue;
    return { environment, objects: objectsOf(output, environment.name), measured: version, edited };
  }
  throw new LabError(`none of ${serviceCount} services calls one with a canary; generate more services`);
}
