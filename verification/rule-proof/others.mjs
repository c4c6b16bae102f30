// The tools that others would have used. Each says what it finds in one shop as a set of lines.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ISTIO = /\.istio\.io\//;

function run(program, args, options = {}) {
  const { error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...options,
  });
  if (error) throw new Error(`${program}: ${error.message}`);
  return { stdout, stderr };
}

/** One folder a stack, since `terraform init` takes longer than everything else. */
export function terraformValidator(work) {
  const ready = new Map();
  return (stack, file) => {
    const cwd = join(work, 'terraform', stack);
    if (!ready.has(stack)) {
      mkdirSync(cwd, { recursive: true });
      copyFileSync(file, join(cwd, 'cdk.tf.json'));
      const { stderr } = run('terraform', ['init', '-backend=false', '-input=false', '-no-color'], { cwd });
      if (stderr.includes('Error')) throw new Error(`terraform init of ${stack}:\n${stderr}`);
      ready.set(stack, true);
    }
    copyFileSync(file, join(cwd, 'cdk.tf.json'));
    const { stdout } = run('terraform', ['validate', '-json'], { cwd });
    return JSON.parse(stdout).diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`);
  };
}

export function istioctlValidate(istioctl, work, objects) {
  const file = join(work, 'objects.yaml');
  const istio = objects.filter(({ apiVersion }) => ISTIO.test(apiVersion));
  writeFileSync(file, istio.map((object) => JSON.stringify(object)).join('\n---\n'));
  const { stdout, stderr } = run(istioctl, ['validate', '-f', file]);
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
}

/** Every analyzer, those included that need pods: each Deployment lends one, with the proxy that is injected. */
export function analyze(program, objects) {
  const pods = objects
    .filter(({ kind }) => kind === 'Deployment')
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
  return JSON.parse(stdout).findings.map(({ code, resource, message }) => `${code} ${resource}: ${message}`);
}

/** Server-side dry run of what differs from the control, with strict validation. Unknown kinds are no finding. */
export async function admission(client, objects) {
  const refused = [];
  for (const object of objects) {
    try {
      await client.apply(object, { dryRun: true, force: true });
    } catch (error) {
      if (!/no (resource|kind)|could not find|404/i.test(error.message)) refused.push(error.message);
    }
  }
  return refused;
}
