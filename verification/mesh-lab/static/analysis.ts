/** Istio's analyzers and validation of the objects, without a cluster. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_NAMESPACE } from '../../../model/naming';
import { run } from '../../../tools/process';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { podsOf, renderPod } from '../mesh/pods';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly resource: string;
  readonly message: string;
}

interface AnalyzerReport {
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

export interface StaticInput {
  readonly environment: string;
  readonly objects: readonly KubernetesManifest[];
  readonly trustDomain: string;
}

/** Part of the control plane. Without it, the analyzers report the gateways' image `auto`. */
const INJECTOR: KubernetesManifest = {
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

/** API versions that Istio's analyzers read. */
const ANALYZED = /^(v1|apps\/v1|gateway\.networking\.k8s\.io\/.*|[a-z]+\.istio\.io\/.*)$/;

export function analysisTests(tools: ToolPaths, folder: string, subject: StaticInput): LabTest[] {
  const { environment } = subject;
  return [
    {
      id: `static/${environment}-analyzed`,
      title: `Istio's analyzers report nothing about ${environment}`,
      run: async () => {
        const { findings, skipped } = await analyze(tools, folder, subject);
        assertThat(skipped.length === 0, `skipped analyzers: ${skipped.join(', ')}`);
        const ignored = findings.filter((finding) => isNamespaceDefaultDeny(finding, subject));
        const lines = findings
          .filter((finding) => !ignored.includes(finding))
          .map(({ code, level, resource, message }) => `${level} ${code} ${resource}: ${message}`);
        assertThat(lines.length === 0, lines.join('\n'));
        return {
          seen: `no findings in ${subject.objects.length} objects, no analyzer skipped; ignored: IST0127 of ${ignored.length} default-deny policies of namespaces without pods`,
        };
      },
    },
    {
      id: `static/${environment}-validated`,
      title: `Istio's validation accepts every object of ${environment}`,
      run: async () => {
        const validated = subject.objects.filter(({ apiVersion }) => apiVersion.includes('istio.io/'));
        // istioctl reads every document of a stream, but ignores the items of a List.
        const documents = validated.map((object) => JSON.stringify(object)).join('\n---\n');
        const { status, output } = await runTool(
          toolPath(tools, 'istioctl'),
          ['validate', '-f', '-'],
          documents,
        );
        assertThat(status === 0, output.trim());
        return { seen: `${validated.length} Istio objects are valid` };
      },
    },
  ];
}

/** IST0127 (no matching workload) of a default-deny policy, which precedes the pods of its namespace. */
function isNamespaceDefaultDeny({ code, resource }: Finding, { objects }: StaticInput): boolean {
  const policy = objects.find(
    ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}` === resource,
  );
  return code === 'IST0127' && policy !== undefined && Object.keys(policy['spec'] as object).length === 0;
}

async function analyze(tools: ToolPaths, folder: string, subject: StaticInput): Promise<AnalyzerReport> {
  const meshConfig = join(folder, `${subject.environment}-mesh.json`);
  writeFileSync(
    meshConfig,
    JSON.stringify({ trustDomain: subject.trustDomain, rootNamespace: ROOT_NAMESPACE }),
  );
  const input = JSON.stringify(withPods(subject.objects));
  const { status, output } = await runTool(toolPath(tools, 'analyze'), ['-mesh-config', meshConfig], input);
  assertThat(status === 0, output.trim());
  return JSON.parse(output) as AnalyzerReport;
}

/** Adds the pods of the Deployments with their injected proxies. */
function withPods(objects: readonly KubernetesManifest[]): KubernetesManifest[] {
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
  return [...objects.filter(({ apiVersion }) => ANALYZED.test(apiVersion)), ...pods, INJECTOR];
}

async function runTool(program: string, args: readonly string[], input: string) {
  const { exitCode: status, all: output } = await run(program, args, { stdin: 'pipe', input, all: true });
  return { status, output };
}
