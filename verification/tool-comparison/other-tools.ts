/** Other tools that could detect an invalid edit. Each returns its findings as lines. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, runSync } from '../../tools/process';
import type { KubernetesClient } from '../kubernetes/client';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { messageOf } from '../support/results';

const ISTIO = /\.istio\.io\//;

interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
}

function run(program: string, args: readonly string[], { input = '', ...options }: RunOptions = {}) {
  const result = runSync(program, args, { ...options, input, stdin: 'pipe' });
  if (isMissing(result)) throw new Error(`${program} is not installed`);
  return result;
}

/** One folder per stack, because `terraform init` takes longer than everything else. */
export function terraformValidator(work: string): (stack: string, file: string) => string[] {
  const initialized = new Set<string>();
  return (stack, file) => {
    const cwd = join(work, 'terraform', stack);
    mkdirSync(cwd, { recursive: true });
    copyFileSync(file, join(cwd, 'cdk.tf.json'));
    if (!initialized.has(stack)) {
      const { stderr } = run('terraform', ['init', '-backend=false', '-input=false', '-no-color'], { cwd });
      if (stderr.includes('Error')) throw new Error(`terraform init of ${stack}:\n${stderr}`);
      initialized.add(stack);
    }
    const { diagnostics } = JSON.parse(run('terraform', ['validate', '-json'], { cwd }).stdout) as {
      readonly diagnostics: readonly { readonly summary: string; readonly detail?: string }[];
    };
    return diagnostics.map(({ summary, detail }) => `${summary}: ${detail ?? ''}`);
  };
}

export function istioctlValidate(
  istioctl: string,
  work: string,
  objects: readonly KubernetesManifest[],
): string[] {
  const file = join(work, 'objects.yaml');
  const istio = objects.filter(({ apiVersion }) => ISTIO.test(apiVersion));
  writeFileSync(file, istio.map((object) => JSON.stringify(object)).join('\n---\n'));
  const { stdout, stderr } = run(istioctl, ['validate', '-f', file]);
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
}

interface Deployment extends KubernetesManifest {
  readonly spec: {
    readonly template: {
      readonly metadata: object;
      readonly spec: { readonly containers: readonly object[] };
    };
  };
}

/** Every analyzer. Some need pods, so each Deployment gets one, with the proxy that would be injected. */
export function analyze(program: string, objects: readonly KubernetesManifest[]): string[] {
  const pods = objects
    .filter((object): object is Deployment => object.kind === 'Deployment')
    .map(({ metadata, spec: { template } }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name: metadata.name, namespace: metadata.namespace },
      spec: {
        ...template.spec,
        containers: [...template.spec.containers, { name: 'istio-proxy', image: 'proxy' }],
      },
    }));
  const { stdout, stderr } = run(program, [], { input: JSON.stringify([...objects, ...pods]) });
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly {
      readonly code: string;
      readonly resource: string;
      readonly message: string;
    }[];
  };
  return findings.map(({ code, resource, message }) => `${code} ${resource}: ${message}`);
}

/** A server-side dry run with strict validation. An unknown kind is not a finding. */
export async function admission(
  client: KubernetesClient,
  objects: readonly KubernetesManifest[],
): Promise<string[]> {
  const refused: string[] = [];
  for (const object of objects) {
    try {
      await client.apply(object, { dryRun: true, force: true });
    } catch (error) {
      const message = messageOf(error);
      if (!/no (resource|kind)|could not find|404/i.test(message)) refused.push(message);
    }
  }
  return refused;
}
