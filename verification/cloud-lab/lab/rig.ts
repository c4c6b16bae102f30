/** One environment's project and cluster on loopback, with the product's own commands as its user. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { KIALI, pipelineAccountEmail, type PipelineAccount } from '../../../model/naming';
import { startKubernetes, type Kubernetes } from '../../kubernetes/api-server';
import { installDefinitions } from '../../kubernetes/definitions';
import { synthesize } from '../../support/synthesized';
import { log, scratchFolder, type Teardown } from '../../support/teardown';
import { TOKEN_VARIABLE, writeAuthPlugin } from '../../terraform/auth-plugin';
import { GKE_DEFINITIONS } from '../../terraform/gke-kinds';
import { endDeletedNamespaces } from '../../terraform/namespace-end';
import { labTools, toolPath } from '../../toolchain/lab-tools';
import { packChart } from '../cluster/chart-repository';
import { runDeployments } from '../cluster/deployments';
import { NO_DELAYS, type Switches } from '../engine/switches';
import { startCloud, type Cloud } from '../server/cloud';
import { bootstrappedProject } from './bootstrapped-project';
import { Pipeline } from './pipeline';

export interface CloudRigOptions {
  /** @default none */
  readonly switches?: Partial<Switches>;
  /** Catalogue to synthesize. @default the repository's own, or MESH_CONFIG */
  readonly catalogue?: string;
}

export interface CloudRig {
  readonly cloud: Cloud;
  readonly kubernetes: Kubernetes;
  /** Stacks, state and plans. */
  readonly folder: string;
  readonly pipeline: Pipeline;
}

/** Namespaces that GKE and the mesh create. */
const NAMESPACES = ['istio-system'];

export async function startCloudRig(
  teardown: Teardown,
  environment: Environment,
  options: CloudRigOptions = {},
): Promise<CloudRig> {
  const folder = scratchFolder(teardown, 'cloud-lab-');
  const tools = await labTools(['discovery'], log);
  const emails = {
    plan: pipelineAccountEmail('plan', environment.project.id),
    apply: pipelineAccountEmail('apply', environment.project.id),
  };
  const kubernetes = await startKubernetes({
    users: [
      { user: emails.plan, groups: ['system:masters'] },
      { user: emails.apply, groups: ['system:masters'] },
    ],
    log,
  });
  teardown.add(() => kubernetes.stop());
  await installDefinitions(kubernetes.client, GKE_DEFINITIONS);
  for (const name of NAMESPACES)
    await kubernetes.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  endDeletedNamespaces(teardown, kubernetes.client);

  // One token for Google's APIs and for the cluster, as at Google.
  const tokens = { plan: kubernetes.tokenOf(emails.plan), apply: kubernetes.tokenOf(emails.apply) };
  const { kiali } = environment;
  if (kiali.enabled) runDeployments(teardown, kubernetes.client, KIALI.namespace);
  const cloud = await startCloud(teardown, {
    ...(kiali.enabled && { charts: packChart(folder, kiali.chartRepository, kiali.chartVersion) }),
    folder,
    documents: toolPath(tools, 'discovery'),
    project: bootstrappedProject(environment),
    switches: { ...NO_DELAYS, ...options.switches },
    accountOf: (token) =>
      (['plan', 'apply'] as const)
        .map((name) => (tokens[name] === token ? emails[name] : undefined))
        .find(Boolean),
  });
  cloud.world.clusterEndpoint = new URL(kubernetes.url).host;

  const outputFolder = join(folder, 'cdktf.out');
  await synthesize(outputFolder, options.catalogue);
  const environmentOf = pipelineEnvironment(folder, cloud, kubernetes, tokens, options.catalogue);
  const pipeline = new Pipeline({ environment, outputFolder, folder, environmentOf, journal: cloud.journal });
  return { cloud, kubernetes, folder, pipeline };
}

function pipelineEnvironment(
  folder: string,
  cloud: Cloud,
  kubernetes: Kubernetes,
  tokens: Readonly<Record<PipelineAccount, string>>,
  catalogue: string | undefined,
): (account: PipelineAccount) => NodeJS.ProcessEnv {
  const programs = writeAuthPlugin(folder);
  const authorities = join(folder, 'authorities.pem');
  const own = process.env['SSL_CERT_FILE'];
  const files = [cloud.caFile, kubernetes.caFile, ...(own !== undefined && existsSync(own) ? [own] : [])];
  writeFileSync(authorities, files.map((file) => readFileSync(file, 'utf8')).join('\n'));
  const loopback = '127.0.0.1,localhost';
  return (account) => ({
    HTTPS_PROXY: cloud.url,
    https_proxy: cloud.url,
    NO_PROXY: loopback,
    no_proxy: loopback,
    SSL_CERT_FILE: authorities,
    NODE_EXTRA_CA_CERTS: authorities,
    FLEET_API: `${cloud.url}/host/gkehub.googleapis.com`,
    GOOGLE_OAUTH_ACCESS_TOKEN: tokens[account],
    [TOKEN_VARIABLE]: tokens[account],
    PATH: [programs, process.env['PATH']].join(delimiter),
    CDKTF_OUTDIR: join(folder, 'cdktf.out'),
    CHECKPOINT_DISABLE: '1',
    // State on the local disk lasts as long as the rig.
    CI: 'false',
    ...(catalogue !== undefined && { MESH_CONFIG: catalogue }),
  });
}
