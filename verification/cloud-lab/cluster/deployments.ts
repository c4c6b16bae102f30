/** Stands in for the controllers of Deployments, where Helm waits for one to become ready. */
import type { KubernetesClient } from '../../kubernetes/client';
import type { KubernetesManifest } from '../../kubernetes/kubernetes-object';
import type { Teardown } from '../../support/teardown';

const INTERVAL_MS = 500;

interface Deployment extends KubernetesManifest {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: unknown;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: unknown;
    };
  };
  readonly status?: { readonly observedGeneration?: number };
}

/**
 * Makes the namespace's Deployments ready whose pods the API server admits: by real pod security admission, as a dry
 * run. A Deployment whose pods are refused never becomes ready.
 */
export function runDeployments(teardown: Teardown, client: KubernetesClient, namespace: string): void {
  let ended = false;
  const round = async () => {
    for (const deployment of (await client.list('apps/v1', 'Deployment', {
      namespace,
    })) as readonly Deployment[])
      if (deployment.status?.observedGeneration !== deployment.metadata['generation'])
        await makeReady(client, deployment);
  };
  const done = (async () => {
    while (!ended) {
      // The namespace may not exist yet, and pods may be refused.
      await round().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  })();
  teardown.add(() => {
    ended = true;
    return done;
  });
}

async function makeReady(client: KubernetesClient, deployment: Deployment): Promise<void> {
  const { metadata, spec } = deployment;
  const namespace = metadata.namespace ?? '';
  const { labels } = spec.template.metadata;
  const named = { name: `${metadata.name}-lab`, namespace, labels };
  await client.create(
    { apiVersion: 'v1', kind: 'Pod', metadata: named, spec: spec.template.spec },
    { dryRun: true },
  );
  const replicas = spec.replicas ?? 1;
  const hash = { 'pod-template-hash': 'lab' };
  const template = {
    ...spec.template,
    metadata: { ...spec.template.metadata, labels: { ...labels, ...hash } },
  };
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...named,
      labels: { ...labels, ...hash },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: metadata.name,
          uid: metadata['uid'],
          controller: true,
        },
      ],
    },
    spec: { replicas, selector: { matchLabels: { ...labels, ...hash } }, template },
  };
  const stored = await client.apply(replicaSet, { force: true });
  const ready = { replicas, readyReplicas: replicas, availableReplicas: replicas };
  const path = `/apis/apps/v1/namespaces/${namespace}`;
  await client.send('PUT', `${path}/replicasets/${replicaSet.metadata.name}/status`, {
    body: { ...stored, status: { ...ready, observedGeneration: 1 } },
  });
  const live = await client.get({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: metadata.name,
    namespace,
  });
  await client.send('PUT', `${path}/deployments/${metadata.name}/status`, {
    body: {
      ...live,
      status: { ...ready, updatedReplicas: replicas, observedGeneration: live.metadata['generation'] },
    },
  });
}
