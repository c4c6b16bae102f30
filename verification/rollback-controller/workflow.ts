/** Runs the rollback workflow, as Terraform deploys it, in an emulator of Workflows. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKFLOW_SETTINGS } from '../../model/canary/rollback-workflow';
import { isMissing, lastLines, run } from '../../tools/process';
import { selectStacks } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import type { ConnectGateway } from './connect-gateway';

export interface Execution {
  /** `killed` if the gateway killed it. */
  readonly outcome: 'returned' | 'failed' | 'killed';
  /** The return value, or the last lines of the log. */
  readonly message: string;
}

export interface WorkflowOptions {
  /** Folder with the emulator's Python packages. */
  readonly emulator: string;
  /** Empty; for the workflow and its credentials. */
  readonly folder: string;
  /** As deployed. */
  readonly source: string;
  readonly namespaces: readonly string[];
  readonly gateway: ConnectGateway;
}

/** Source of the workflow in the environment's synthesized JSON. */
export function deployedWorkflow(outputFolder: string, environment: string): string {
  const [stack] = selectStacks(outputFolder, environment, ['observability']);
  const { resource } = JSON.parse(readFileSync(join(stack?.folder ?? '', 'cdk.tf.json'), 'utf8')) as {
    resource: { google_workflows_workflow: Record<string, { source_contents: string }> };
  };
  const [workflow] = Object.values(resource.google_workflows_workflow);
  if (workflow === undefined) throw new LabError(`environment '${environment}' has no rollback workflow`);
  return workflow.source_contents.replaceAll('$${', '${').replaceAll('%%{', '%{');
}

const RUN = `import json, sys
from workflows_emulator.main import execute_workflow, load_workflow
print(execute_workflow(load_workflow(sys.argv[1]), {'event': json.loads(sys.argv[2])}))`;

export class Workflow {
  constructor(private readonly options: WorkflowOptions) {
    const { folder, source, gateway } = options;
    writeFileSync(join(folder, 'rollback-workflow.yaml'), source);
    writeFileSync(join(folder, 'credentials.json'), JSON.stringify(credentials(gateway.tokenUrl)), {
      mode: 0o600,
    });
  }

  /** Runs one execution to its end. */
  async run(event: unknown): Promise<Execution> {
    const { emulator, folder, gateway, namespaces } = this.options;
    const child = run('python3', ['-c', RUN, join(folder, 'rollback-workflow.yaml'), JSON.stringify(event)], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: emulator,
        PYTHONDONTWRITEBYTECODE: '1',
        GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'credentials.json'),
        [WORKFLOW_SETTINGS.cluster]: gateway.clusterUrl,
        [WORKFLOW_SETTINGS.incidents]: gateway.incidentsUrl,
        [WORKFLOW_SETTINGS.pipeline]: gateway.pipelineUrl,
        [WORKFLOW_SETTINGS.namespaces]: namespaces.join(','),
      },
    });
    gateway.killBy(() => void child.kill('SIGKILL'));
    const result = await child;
    if (isMissing(result))
      throw new LabError("'python3' is missing, which runs the emulator of Workflows; install Python 3");
    if (result.signal === 'SIGKILL') return { outcome: 'killed', message: '' };
    if (result.exitCode === 0) return { outcome: 'returned', message: result.stdout.trim() };
    return { outcome: 'failed', message: lastLines(result.stderr, 12) };
  }
}

/** Key of an account that does not exist; the gateway issues its tokens. */
function credentials(tokenUrl: string) {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    type: 'service_account',
    project_id: 'lab',
    private_key_id: 'lab',
    private_key: privateKey,
    client_email: 'rollback@lab.iam.gserviceaccount.com',
    token_uri: tokenUrl,
  };
}
