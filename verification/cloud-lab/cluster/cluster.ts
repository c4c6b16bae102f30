/** The cluster of an environment: a real API server, or a stand-in that says that its kinds are established. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { KIALI } from '../../../model/naming';
import { startKubernetes } from '../../kubernetes/api-server';
import type { KubernetesClient } from '../../kubernetes/client';
import { installDefinitions } from '../../kubernetes/definitions';
import { Authority } from '../../mesh-lab/mesh/authority';
import { log, type Teardown } from '../../support/teardown';
import { GKE_DEFINITIONS } from '../../terraform/gke-kinds';
import { endDeletedNamespaces } from '../../terraform/namespace-end';
import { runDeployments } from './deployments';
import { clusterIdentities, grantClusterRights } from './identities';

export interface LabCluster {
  /** Host and port of the API server. */
  readonly endpoint: string;
  /** PEM file. */
  readonly caFile: string;
  /** The account's token, for the cluster and for Google's APIs. */
  readonly tokenOf: (email: string) => string;
  /** As administrator; undefined for the stand-in. */
  readonly objects?: KubernetesClient;
  /** Copies all objects into an empty folder; undefined for the stand-in. */
  readonly copyData?: (folder: string) => void;
}

/** A cluster that is started again. */
export interface SavedCluster {
  /** Folder that `copyData` wrote. */
  readonly data: string;
  /** The cluster's address, as Terraform's state has it. */
  readonly endpoint: string;
}

/** Namespaces that GKE and the mesh create. */
const NAMESPACES = ['istio-system'];

export async function startRealCluster(
  teardown: Teardown,
  projectId: string,
  saved?: SavedCluster,
): Promise<LabCluster> {
  const identities = clusterIdentities(projectId);
  const kubernetes = await startKubernetes({
    users: Object.values(identities),
    log,
    ...(saved && { data: saved.data, port: portOf(saved) }),
  });
  teardown.add(() => kubernetes.stop());
  const { client } = kubernetes;
  await installDefinitions(client, GKE_DEFINITIONS);
  for (const name of NAMESPACES)
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await grantClusterRights(client, identities);
  endDeletedNamespaces(teardown, client);
  runDeployments(teardown, client, KIALI.namespace);
  return {
    endpoint: new URL(kubernetes.url).host,
    caFile: kubernetes.caFile,
    tokenOf: kubernetes.tokenOf,
    objects: client,
    copyData: kubernetes.copyData,
  };
}

function portOf({ endpoint }: Pick<SavedCluster, 'endpoint'>): number {
  return Number(new URL(`https://${endpoint}`).port);
}

/** Answers every request of the readiness gate. */
export async function startStubCluster(
  teardown: Teardown,
  folder: string,
  saved?: Pick<SavedCluster, 'endpoint'>,
): Promise<LabCluster> {
  const port = saved === undefined ? 0 : portOf(saved);
  const authority = await Authority.create(join(folder, 'cluster'));
  const { certificateFile, keyFile } = await authority.issue({ dns: 'localhost' });
  const server = createServer(
    { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
    (_request, response) =>
      response.end(JSON.stringify({ status: { conditions: [{ type: 'Established', status: 'True' }] } })),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  teardown.add(() => {
    server.closeAllConnections();
    server.close();
  });
  const tokens = new Map<string, string>();
  return {
    endpoint: `localhost:${(server.address() as AddressInfo).port}`,
    caFile: authority.rootFile,
    tokenOf: (email) => {
      const token = tokens.get(email) ?? randomBytes(16).toString('hex');
      tokens.set(email, token);
      return token;
    },
  };
}
