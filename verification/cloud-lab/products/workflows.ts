import type { Context } from '../engine/call';
import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { requireName } from './names';

interface Workflow {
  readonly sourceContents?: string;
  readonly userEnvVars?: Readonly<Record<string, string>>;
}

const LIMITS = page('workflows/quotas#resource_limits');
const VARIABLES = schemaText('workflows.v1#Workflow.userEnvVars');

export const WORKFLOWS: Product = {
  identity: (_id, { world, name }) => ({
    name,
    createTime: world.timestamp(),
    updateTime: world.timestamp(),
  }),
  kinds: {
    workflows: kind<Workflow>({
      check: checkWorkflow,
      defaults: (_workflow, { world }) => ({
        state: 'ACTIVE',
        revisionId: '000001-abc',
        revisionCreateTime: world.timestamp(),
      }),
    }),
  },
};

function checkWorkflow({ sourceContents = '', userEnvVars = {} }: Workflow, { name }: Context): void {
  requireName(
    name,
    /^[a-zA-Z]([a-zA-Z0-9_-]{0,62}[a-zA-Z0-9])?$/,
    schemaText('workflows.v1.projects.locations.workflows.create.workflowId'),
  );
  if (Buffer.byteLength(sourceContents) > 128 * 1_024) invalid('sourceContents: at most 128 KB', LIMITS);
  const variables = Object.entries(userEnvVars);
  if (variables.length > 20) invalid('userEnvVars: at most 20', VARIABLES);
  for (const [key, value] of variables) {
    if (Buffer.byteLength(value) > 4_096) invalid(`userEnvVars.${key}: at most 4 KiB`, VARIABLES);
    if (/^(GOOGLE|WORKFLOWS)/.test(key)) invalid(`userEnvVars.${key}: a reserved prefix`, VARIABLES);
  }
}
