/** Real Terraform with its real providers, on the synthesized stacks, without a cloud. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { applySavedPlan, savePlan, type PlanRecord } from '../../tools/pipeline/saved-plan';
import type { TerraformOptions } from '../../tools/pipeline/terraform';
import type { PipelineAccount } from '../../model/naming';
import { selectStacks, type SynthesizedStack } from '../../tools/synthesized-stacks';
import { startKubernetes, type Kubernetes } from '../kubernetes/api-server';
import type { KubernetesClient } from '../kubernetes/client';
import { installDefinitions } from '../kubernetes/definitions';
import { orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { TOKEN_VARIABLE, writeAuthPlugin } from './auth-plugin';
import { GKE_DEFINITIONS } from './gke-kinds';
import { startGoogleApi, type GoogleApi } from './google-api';
import { endDeletedNamespaces } from './namespace-end';
import { grantContainerViewer, pipelineIdentities } from './pipeline-rights';
import { readPlanJson, type PlanJson } from './plan-json';
import { prepareStates } from './prepared-state';
import { explainProviders } from './providers';
import { copyStacks, readStack } from './read-stack';

export interface TerraformRigOptions {
  /** For example `prod`; its stacks must be synthesized. */
  readonly environment: string;
  /** Folder of the synthesized stacks. They are copied, so that it gets neither state nor providers. @default 'cdktf.out' */
  readonly outputFolder?: string;
  /** Gets messages about tools that are being built. @default none */
  readonly log?: (message: string) => void;
}

export interface SavedPlan extends PlanRecord {
  /** Folder with `<stack>.tfplan` and `<stack>.json`. */
  readonly folder: string;
}

export interface PlanOptions {
  /**
   * False plans from the state only: reading every object is limited by the provider's five requests a second.
   *
   * @default true
   */
  readonly refresh?: boolean;
}

/**
 * One environment's cluster for its stacks: a real Kubernetes API server behind a GKE API on loopback, Cloud
 * Monitoring beside it, and state on the local disk. Plans and applies by the steps of the pipeline, as its two
 * accounts:
 *
 *     const rig = await startTerraformRig({ environment: 'prod' });
 *     const plan = await rig.plan('mesh-policies');           // SavedPlan, outcome 'changes'
 *     await rig.apply(plan);
 *     (await rig.plan('mesh-policies')).outcome;              // 'no changes'
 *     await rig.objects.get({ apiVersion: 'v1', kind: 'Service', name: 'cart', namespace: 'purchasing' });
 *     await rig.stop();
 */
export interface TerraformRig {
  readonly kubernetes: Kubernetes;
  /** The cluster's objects, as its administrator. */
  readonly objects: KubernetesClient;
  readonly google: GoogleApi;
  readonly stack: (name: string) => SynthesizedStack;
  /** By the account that plans, into a folder of its own. Rejects with Terraform's message. */
  readonly plan: (stack: string, options?: PlanOptions) => Promise<SavedPlan>;
  /** @param account that applies, @default 'apply' */
  readonly apply: (plan: SavedPlan, account?: PipelineAccount) => Promise<void>;
  /** Output of `terraform show -json`. */
  readonly show: (plan: SavedPlan) => PlanJson;
  /** For other steps of the pipeline that write. */
  readonly options: TerraformOptions;
  readonly stop: () => Promise<void>;
}

/** Namespaces that GKE and the mesh create. */
const NAMESPACES = ['istio-system'];

export async function startTerraformRig(options: TerraformRigOptions): Promise<TerraformRig> {
  const { environment, outputFolder = 'cdktf.out' } = options;
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-terraform-');
    const stacks = copyStacks(selectStacks(outputFolder, environment, []), folder);
    for (const stack of stacks) prepareStates(stack.folder, (output) => `prepared/${output}`);

    const cluster = clusterOf(stacks);
    const { plan, apply } = pipelineIdentities(cluster.projectId);
    const kubernetes = await startKubernetes({
      users: [plan, apply],
      ...(options.log && { log: options.log }),
    });
    teardown.add(() => kubernetes.stop());
    await prepareCluster(teardown, kubernetes);
    await grantContainerViewer(kubernetes.client, plan);
    const google = await startGoogleApi(teardown, { ...cluster, endpoint: new URL(kubernetes.url).host });
    const tokens = { plan: kubernetes.tokenOf(plan.user), apply: kubernetes.tokenOf(apply.user) };
    return rigOf(folder, stacks, teardown, kubernetes, google, tokens);
  });
}

function rigOf(
  folder: string,
  stacks: readonly SynthesizedStack[],
  teardown: Teardown,
  kubernetes: Kubernetes,
  google: GoogleApi,
  tokens: Readonly<Record<PipelineAccount, string>>,
): TerraformRig {
  const programs = writeAuthPlugin(folder);
  const authorities = writeAuthorities(folder, kubernetes.caFile);
  const optionsOf = (account: PipelineAccount, more: NodeJS.ProcessEnv = {}): TerraformOptions => ({
    locks: join(folder, 'locks'),
    log: () => undefined,
    quiet: true,
    environment: {
      ...google.environment(account),
      PATH: [programs, process.env['PATH']].join(delimiter),
      SSL_CERT_FILE: authorities,
      [TOKEN_VARIABLE]: tokens[account],
      // Local state is fine here, in a pipeline too: it lasts as long as the rig.
      CI: 'false',
      ...more,
    },
  });
  const stack = (name: string) => {
    const found = stacks.find(({ id, kind }) => id === name || kind === name);
    if (!found) throw new Error(`no stack '${name}'`);
    return found;
  };
  let plans = 0;
  return {
    kubernetes,
    objects: kubernetes.client,
    google,
    stack,
    options: optionsOf('apply'),
    plan: async (name, { refresh = true } = {}) => {
      const planFolder = join(folder, 'plans', String((plans += 1)));
      const options = optionsOf('plan', refresh ? {} : { TF_CLI_ARGS_plan: '-refresh=false' });
      const record = await savePlan(stack(name), planFolder, options).catch(explainProviders);
      return { ...record, folder: planFolder };
    },
    apply: (plan, account = 'apply') =>
      applySavedPlan(stack(plan.stack), plan.folder, plan.sha256, optionsOf(account)),
    show: (plan) => readPlanJson(plan.folder, plan.stack),
    stop: () => teardown.run(),
  };
}

async function prepareCluster(teardown: Teardown, { client }: Kubernetes): Promise<void> {
  await installDefinitions(client, GKE_DEFINITIONS);
  for (const name of NAMESPACES)
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  endDeletedNamespaces(teardown, client);
}

function clusterOf(stacks: readonly SynthesizedStack[]) {
  for (const { folder } of stacks) {
    const [cluster] = Object.values(readStack(folder).data?.google_container_cluster ?? {});
    if (cluster) return { projectId: cluster.project, location: cluster.location, name: cluster.name };
  }
  throw new Error('no stack reads its cluster');
}

/** SSL_CERT_FILE replaces the system's authorities, so it must include those of the provider registry. */
function writeAuthorities(folder: string, caFile: string): string {
  const file = join(folder, 'authorities.pem');
  const own = process.env['SSL_CERT_FILE'];
  const files = own !== undefined && existsSync(own) ? [own, caFile] : [caFile];
  writeFileSync(file, files.map((name) => readFileSync(name, 'utf8')).join('\n'));
  return file;
}
