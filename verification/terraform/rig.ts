/** Real Terraform, with its real providers, on stacks as they were synthesized; no cloud. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { applySavedPlan, savePlan, type PlanRecord } from '../../tools/pipeline/saved-plan';
import type { TerraformOptions } from '../../tools/pipeline/terraform';
import type { PipelineAccount } from '../../model/naming';
import { selectStacks, type SynthesizedStack } from '../../tools/synthesized-stacks';
import { startKubernetes, type Kubernetes } from '../kubernetes/api-server';
import type { KubernetesClient } from '../kubernetes/client';
import { installDefinitions } from '../kubernetes/definitions';
import { orTearDown, Teardown } from '../support/teardown';
import { TOKEN_VARIABLE, writeAuthPlugin } from './auth-plugin';
import { copyStacks } from './copied-stacks';
import { GKE_DEFINITIONS } from './gke-kinds';
import { startGoogleApi, type GoogleApi } from './google-api';
import { endDeletedNamespaces } from './namespace-end';
import { grantContainerViewer, pipelineIdentities } from './pipeline-rights';
import { readPlan, type PlanJson } from './plan-json';
import { prepareStates } from './prepared-state';
import { explainProviders } from './providers';
import { readStack } from './read-stack';

export interface TerraformRigOptions {
  /** `prod`; its stacks must have been synthesized. */
  readonly environment: string;
  /** Where synth wrote. Copied, so that neither state nor providers end up there. @default 'cdktf.out' */
  readonly outputFolder?: string;
  /** Hears of tools that are being built. @default nobody */
  readonly log?: (message: string) => void;
}

export interface SavedPlan extends PlanRecord {
  /** Folder with `<stack>.tfplan` and `<stack>.json`. */
  readonly folder: string;
}

export interface PlanOptions {
  /**
   * False plans by the state alone: to read every object back takes the provider's five requests a second.
   *
   * @default true
   */
  readonly refresh?: boolean;
}

/**
 * One environment's cluster as its stacks find it: a real Kubernetes API server behind a GKE that answers on
 * loopback, Cloud Monitoring beside it, and state on the local disk. Plans and applies by the steps of the
 * pipeline, as its two accounts:
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
  /** By the account that plans; each plan is kept in a folder of its own. Rejects with Terraform's words. */
  readonly plan: (stack: string, options?: PlanOptions) => Promise<SavedPlan>;
  /** @param account whose rights it has, @default 'apply' */
  readonly apply: (plan: SavedPlan, account?: PipelineAccount) => Promise<void>;
  /** As `terraform show -json` writes it. */
  readonly show: (plan: SavedPlan) => PlanJson;
  /** For the other steps of the pipeline, which change things. */
  readonly options: TerraformOptions;
  readonly stop: () => Promise<void>;
}

/** Namespaces that GKE and the mesh bring along. */
const NAMESPACES = ['istio-system'];

export async function startTerraformRig(options: TerraformRigOptions): Promise<TerraformRig> {
  const { environment, outputFolder = 'cdktf.out' } = options;
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-terraform-'));
    const discard = () => rmSync(folder, { recursive: true, force: true });
    teardown.add(discard, discard);
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
      ...google.environment,
      PATH: [programs, process.env['PATH']].join(delimiter),
      SSL_CERT_FILE: authorities,
      [TOKEN_VARIABLE]: tokens[account],
      // State on this disk lasts as long as the rig, in a pipeline too.
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
    show: (plan) => readPlan(plan.folder, plan.stack),
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
  throw new Error('no stack looks its cluster up');
}

/** The variable replaces the system's own; a registry's certificate must go on being believed. */
function writeAuthorities(folder: string, caFile: string): string {
  const file = join(folder, 'authorities.pem');
  const own = process.env['SSL_CERT_FILE'];
  const files = own !== undefined && existsSync(own) ? [own, caFile] : [caFile];
  writeFileSync(file, files.map((name) => readFileSync(name, 'utf8')).join('\n'));
  return file;
}
