import type { KubernetesClient } from '../kubernetes/client';
import type { Teardown } from '../support/teardown';

const INTERVAL_MS = 250;

/**
 * Finalizes deleted namespaces, as the controller manager does, which the lab does not run. Their objects must have
 * been deleted before, as Terraform does.
 */
export function endDeletedNamespaces(teardown: Teardown, client: KubernetesClient): void {
  let ended = false;
  const round = async () => {
    const namespaces = await client.list('v1', 'Namespace');
    for (const namespace of namespaces.filter(({ metadata }) => metadata['deletionTimestamp'] !== undefined))
      await client.send('PUT', `/api/v1/namespaces/${namespace.metadata.name}/finalize`, {
        body: { ...namespace, spec: { finalizers: [] } },
      });
  };
  const done = (async () => {
    while (!ended) {
      // The namespace may be gone by now.
      await round().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  })();
  teardown.add(() => {
    ended = true;
    return done;
  });
}
