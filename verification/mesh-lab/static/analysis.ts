/** What Istio itself says about the objects, without a cluster. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_NAMESPACE } from '../../../model/naming';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { podsOf, renderPod } from '../mesh/pods';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly resource: string;
  readonly message: string;
}

interface Report {
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

export interface Subject {
  readonly environment: string;
  readonly objects: readonly KubernetesObject[];
  readonly trustDomain: string;
}

/** What the control plane brings along: the gateways' image `auto` is filled in by it. */
const INJECTOR: KubernetesObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-sidecar-injector' },
  webhooks: [
    {
      name: 'namespace.sidecar-injector.istio.io',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { url: 'https://injector.invalid/inject' },
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
    },
  ],
};

/** Kinds that Istio's analyzers read. */
const READ = /^(v1|apps\/v1|gateway\.networking\.k8s\.io\/.*|[a-z]+\.istio\.io\/.*)$/;

export function analysisTests(tools: ToolPaths, folder: string, subject: Subject): LabTest[] {
  const { environment } = subject;
  return [
    {
      id: `static/${environment}-analyzed`,
      title: `all of Istio's analyzers find nothing in ${environment}`,
      run: async () => {
        const { findings, skipped } = await analyze(tools, folder, subject);
        assertThat(skipped.length === 0, `left out: ${skipped.join(', ')}`);
        const closing = findings.filter((finding) => closesEmptyNamespace(finding, subject));
        const lines = findings
          .filter((finding) => !closing.includes(finding))
          .map(({ code, level, resource, message }) => `${level} ${code} ${resource}: ${message}`);
        assertThat(lines.length === 0, lines.join('\n'));
        return {
          seen: `nothing found in ${subject.objects.length} objects, no analyzer left out; set aside: IST0127 of ${closing.length} policies that close a whole namespace before the first pod is there`,
        };
      },
    },
    {
      id: `static/${environment}-validated`,
      title: `Istio's admission webhook would refuse nothing in ${environment}`,
      run: async () => {
        const validated = subject.objects.filter(({ apiVersion }) => apiVersion.includes('istio.io/'));
        // Of several documents that are no list, each is read; of a list, none would be.
        const documents = validated.map((object) => JSON.stringify(object)).join('\n---\n');
        const { status, output } = await runTool(
          toolPath(tools, 'istioctl'),
          ['validate', '-f', '-'],
          documents,
        );
        assertThat(status === 0, output.trim());
        return { seen: `${validated.length} objects of Istio are valid` };
      },
    },
  ];
}

/** IST0127 of a policy for a whole namespace: it closes the namespace before the first pod is there. */
function closesEmptyNamespace({ code, resource }: Finding, { objects }: Subject): boolean {
  const policy = objects.find(
    ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}` === resource,
  );
  return code === 'IST0127' && policy !== undefined && Object.keys(policy['spec'] as object).length === 0;
}

async function analyze(tools: ToolPaths, folder: string, subject: Subject): Promise<Report> {
  const meshConfig = join(folder, `${subject.environment}-mesh.json`);
  writeFileSync(
    meshConfig,
    JSON.stringify({ trustDomain: subject.trustDomain, rootNamespace: ROOT_NAMESPACE }),
  );
  const input = JSON.stringify(withPods(subject.objects));
  const { status, output } = await runTool(toolPath(tools, 'analyze'), ['-mesh-config', meshConfig], input);
  assertThat(status === 0, output.trim());
  return JSON.parse(output) as Report;
}

/** With the pods that the Deployments make, and the proxy that the injector adds to each. */
function withPods(objects: readonly KubernetesObject[]): KubernetesObject[] {
  let address = 0;
  const pods = podsOf(
    objects,
    () => ({ full: 1 }),
    () => `10.0.0.${(address += 1)}`,
  ).map((pod) => {
    const rendered = renderPod(pod);
    const spec = rendered['spec'] as { readonly containers: readonly object[] };
    return {
      ...rendered,
      spec: { ...spec, containers: [...spec.containers, { name: 'istio-proxy', image: 'proxyv2' }] },
    };
  });
  return [...objects.filter(({ apiVersion }) => READ.test(apiVersion)), ...pods, INJECTOR];
}

async function runTool(program: string, args: readonly string[], input: string) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => output.push(text.toString()));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { status, output: output.join('') };
}
