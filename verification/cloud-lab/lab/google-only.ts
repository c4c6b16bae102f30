/** Leaves the Kubernetes objects out of synthesized stacks, for runs without an API server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectStacks } from '../../../tools/synthesized-stacks';
import type { ApiObject } from '../engine/json';

type Stack = {
  resource?: Record<string, Record<string, { depends_on?: string[] }>>;
  data?: Record<string, unknown>;
  provider?: Record<string, unknown>;
  locals?: ApiObject;
  output?: ApiObject;
  terraform?: { required_providers?: Record<string, unknown> };
};

const PROVIDERS = ['kubernetes', 'helm'];

/** @param stacks @default all of the environment */
export function removeKubernetes(
  outputFolder: string,
  environment: string,
  stacks: readonly string[] = [],
): void {
  for (const { folder } of selectStacks(outputFolder, environment, stacks)) {
    const file = join(folder, 'cdk.tf.json');
    const stack = JSON.parse(readFileSync(file, 'utf8')) as Stack;
    for (const section of [stack.resource, stack.data, stack.provider, stack.terraform?.required_providers])
      for (const name of Object.keys(section ?? {}))
        if (PROVIDERS.some((provider) => name === provider || name.startsWith(`${provider}_`)))
          delete section?.[name];
    for (const resources of Object.values(stack.resource ?? {}))
      for (const resource of Object.values(resources))
        if (resource.depends_on)
          resource.depends_on = resource.depends_on.filter(
            (name) => !/^(data\.)?(kubernetes|helm)_/.test(name),
          );
    for (const section of [stack.locals, stack.output])
      for (const [name, value] of Object.entries(section ?? {}))
        if (/\b(kubernetes|helm)_\w+\./.test(JSON.stringify(value))) delete section?.[name];
    if (Object.keys(stack.data ?? {}).length === 0) delete stack.data;
    writeFileSync(file, JSON.stringify(stack));
  }
}
