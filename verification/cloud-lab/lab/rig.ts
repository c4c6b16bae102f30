/** One environment's project and cluster on loopback, with the product's own commands as its user. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { pipelineAccountEmail, type PipelineAccount } from '../../../model/naming';
import { LabError } from '../../support/errors';
import { synthesize } from '../../support/synthesized';
import { log, scratchFolder, type Teardown } from '../../support/teardown';
import { TOKEN_VARIABLE, writeAuthPlugin } from '../../terraform/auth-plugin';
import { synthesizeVariant, type Switch } from '../../terraform/switches';
import { projectRoot } from '../../support/project-root';
import { labTools, toolPath } from '../../toolchain/lab-tools';
import { packChart } from '../cluster/chart-repository';
import { startRealCluster, startStubCluster, type LabCluster } from '../cluster/cluster';
import { NO_DELAYS, type Switches } from '../engine/switches';
import { startCloud, type Cloud } from '../server/cloud';
import { readPermissionTables, RolePermissions } from '../server/permissions';
import { StateBucket } from '../server/state-bucket';
import { recordTranscript, writeTranscript } from '../transcript/transcript';
import type { Checkpoint } from './checkpoint';
import { bootstrappedProject } from './bootstrapped-project';
import { bucketRights } from './bucket-rights';
import { removeKubernetes } from './google-only';
import { Pipeline } from './pipeline';

export interface CloudRigOptions {
  /** @default none */
  readonly switches?: Partial<Switches>;
  /** Leaves Kubernetes objects out and needs no API server. @default false */
  readonly googleOnly?: boolean;
  /** Catalogue to synthesize. @default the repository's own, or MESH_CONFIG */
  readonly catalogue?: string;
  /** Continues with what an earlier rig saved. @default an empty project */
  readonly checkpoint?: Checkpoint;
}

export interface CloudRig {
  readonly cloud: Cloud;
  readonly cluster: LabCluster;
  /** Stacks, state and plans. */
  readonly folder: string;
  readonly outputFolder: string;
  /** Folder of the catalogue that is synthesized. */
  readonly catalogue: string;
  readonly pipeline: Pipeline;
  /** The same project with other values in the catalogue, and an empty state. */
  readonly variant: (switches: readonly Switch[]) => Pipeline;
  /** The same project and state with another catalogue, which is synthesized into a folder beside the first one. */
  readonly edited: (catalogue: string, name: string) => Promise<Pipeline>;
  /** Environment variables of programs that use the project as the account. */
  readonly variablesOf: (account: PipelineAccount) => NodeJS.ProcessEnv;
  /** One request to a Google API as `gcloud` sends it. Throws a LabError if the API refuses it. */
  readonly request: (account: PipelineAccount, verb: string, host: string, path: string) => Promise<void>;
  /** Writes the transcript of the run so far. */
  readonly record: (startedAt: string) => void;
}

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
  const cluster = options.googleOnly
    ? await startStubCluster(teardown, folder, options.checkpoint?.cluster)
    : await startRealCluster(teardown, environment.project.id, options.checkpoint?.cluster);

  // One token for Google's APIs and for the cluster, as at Google.
  const tokens = { plan: cluster.tokenOf(emails.plan), apply: cluster.tokenOf(emails.apply) };
  const { kiali } = environment;
  const project = bootstrappedProject(environment);
  const { state } = environment;
  const stateBucket =
    state.backend === 'gcs'
      ? new StateBucket(state.bucket, bucketRights(environment, state.bucket))
      : undefined;
  const cloud = await startCloud(teardown, {
    ...(stateBucket && { stateBucket }),
    ...(kiali.enabled && { charts: packChart(folder, kiali.chartRepository, kiali.chartVersion) }),
    folder,
    documents: toolPath(tools, 'discovery'),
    project,
    switches: { ...NO_DELAYS, ...options.switches },
    permissions: new RolePermissions(readPermissionTables(), project.roles, project.customRoles),
    accountOf: (token) =>
      (['plan', 'apply'] as const)
        .map((name) => (tokens[name] === token ? emails[name] : undefined))
        .find(Boolean),
  });
  cloud.world.clusterEndpoint = cluster.endpoint;
  options.checkpoint?.restore(cloud.world, folder);

  const outputFolder = join(folder, 'cdktf.out');
  await synthesize(outputFolder, options.catalogue);
  if (options.googleOnly) removeKubernetes(outputFolder, environment.name);
  const variables = pipelineEnvironment(folder, cloud, cluster, tokens);
  const pipelineOf = (output: string, catalogue?: string) =>
    new Pipeline({
      environment,
      outputFolder: output,
      folder: join(output, '..'),
      environmentOf: (account) => ({
        ...variables(account),
        CDKTF_OUTDIR: output,
        ...(catalogue !== undefined && { MESH_CONFIG: catalogue }),
      }),
      journal: cloud.journal,
      ...(stateBucket && { stateBucket }),
    });
  const variant = (switches: readonly Switch[]) => {
    const variantFolder = scratchFolder(teardown, 'cloud-lab-variant-');
    const output = synthesizeVariant(variantFolder, environment.name, switches);
    if (options.googleOnly) removeKubernetes(output, environment.name);
    return pipelineOf(output, join(variantFolder, 'mesh-config'));
  };
  const edited = async (catalogue: string, name: string) => {
    const output = join(folder, name);
    await synthesize(output, catalogue);
    if (options.googleOnly) removeKubernetes(output, environment.name);
    return pipelineOf(output, catalogue);
  };
  const request = async (account: PipelineAccount, verb: string, host: string, path: string) => {
    const headers = { authorization: `Bearer ${tokens[account]}` };
    const response = await fetch(`${cloud.url}/host/${host}${path}`, { method: verb, headers });
    if (!response.ok) throw new LabError(`${verb} ${path}: ${await response.text()}`);
  };
  const record = (startedAt: string) =>
    writeTranscript(
      recordTranscript(environment.name, project, outputFolder, cloud.journal.entries, startedAt),
    );
  return {
    cloud,
    cluster,
    folder,
    outputFolder,
    catalogue: options.catalogue ?? process.env['MESH_CONFIG'] ?? join(projectRoot(), 'mesh-config'),
    pipeline: pipelineOf(outputFolder, options.catalogue),
    variant,
    edited,
    variablesOf: (account) => ({
      ...variables(account),
      ...(options.catalogue !== undefined && { MESH_CONFIG: options.catalogue }),
    }),
    request,
    record,
  };
}

function pipelineEnvironment(
  folder: string,
  cloud: Cloud,
  cluster: LabCluster,
  tokens: Readonly<Record<PipelineAccount, string>>,
): (account: PipelineAccount) => NodeJS.ProcessEnv {
  const programs = writeAuthPlugin(folder);
  const authorities = join(folder, 'authorities.pem');
  const own = process.env['SSL_CERT_FILE'];
  const files = [cloud.caFile, cluster.caFile, ...(own !== undefined && existsSync(own) ? [own] : [])];
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
    CHECKPOINT_DISABLE: '1',
    // State on the local disk lasts as long as the rig.
    CI: 'false',
  });
}
