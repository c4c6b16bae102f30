/** Keeps the mesh running for manual tests and pushes every edit of the catalogue to it. */
import { watch } from 'node:fs';
import { once } from 'node:events';
import { EGRESS_GATEWAY, GATEWAY_PORTS, INGRESS_GATEWAY } from '../../../model/naming';
import { catalogue } from '../../../tools/catalogue';
import { isUserError } from '../../../tools/command-line';
import { environmentNamed } from '../../../tools/selection';
import { type Mesh } from '../mesh/mesh';
import { startMesh } from '../mesh/start-mesh';
import { objectsOf, synthesize } from '../../support/synthesized';
import { scratchFolder, Teardown } from '../../support/teardown';

/** Editors write a file in several steps; wait until they are done. */
const SETTLE_MS = 200;

/** Runs until Ctrl-C. */
export async function watchMesh(environment: string, log: (message: string) => void): Promise<void> {
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'lab-watch-');
  await synthesize(folder);
  const mesh = await startMesh({
    environment: environmentNamed(catalogue(), environment),
    objects: objectsOf(folder, environment),
  });
  log(describeMesh(mesh));

  const configuration = process.env['MESH_CONFIG'] ?? 'mesh-config';
  let pushing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(configuration, { recursive: true }, (_, file) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      pushing = pushing.then(() => push(mesh, environment, folder, file ?? '', log));
    }, SETTLE_MS);
  });
  teardown.add(() => watcher.close());
  await once(watcher, 'close');
}

async function push(
  mesh: Mesh,
  environment: string,
  folder: string,
  file: string,
  log: (message: string) => void,
): Promise<void> {
  try {
    const started = performance.now();
    await synthesize(folder);
    const synthesized = performance.now();
    const known = new Set(
      mesh
        .current()
        .filter(({ kind }) => kind === 'Deployment')
        .map(({ metadata }) => metadata.name),
    );
    const objects = objectsOf(folder, environment);
    const added = objects.filter(({ kind, metadata }) => kind === 'Deployment' && !known.has(metadata.name));
    await mesh.update(objects);
    log(
      `${file}: synthesized in ${Math.round(synthesized - started)} ms, active in every Envoy ${Math.round(performance.now() - synthesized)} ms later`,
    );
    for (const { metadata } of added) log(`${metadata.name} is new; restart the lab to start its pods`);
  } catch (error) {
    if (!isUserError(error)) throw error;
    log(`${file}: not pushed\n${error.message}`);
  }
}

function describeMesh(mesh: Mesh): string {
  const ingress = mesh.podOf(INGRESS_GATEWAY.name);
  const { api } = mesh.environment.domainNames;
  const pods = mesh.pods.map(({ name, ip, role, workload }) => {
    const hint =
      role === 'sidecar'
        ? `outbound calls: http://${ip}:80`
        : workload === EGRESS_GATEWAY.name
          ? ''
          : 'external clients';
    return `  ${name.padEnd(24)} ${ip.padEnd(16)} admin ${mesh.proxy(name).adminUrl}  ${hint}`;
  });
  return [
    ...pods,
    '',
    'a token that is valid for ten minutes:',
    `  export TOKEN=${mesh.issuer.token()}`,
    'as an external client:',
    `  curl -sk --connect-to ::${ingress.ip}:${GATEWAY_PORTS.https} -H "authorization: Bearer $TOKEN" -i https://${api}/checkout`,
    'as a service, through its proxy:',
    `  curl -s -i -H 'host: <callee>.<namespace>.svc.cluster.local' http://<its address>/<path>`,
    '',
    'Edit a file of the catalogue to push it to the mesh; Ctrl-C stops the lab.',
  ].join('\n');
}
