import { copyFileSync, chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/project-root';
import { GO, runTool } from './program';
import { type ToolGroup } from './cache';

const FOLDER = join(projectRoot(), 'verification', 'toolchain');
const MESH_MODULE = join(FOLDER, 'mesh');
const KUBERNETES_MODULE = join(FOLDER, 'kubernetes');
const PROMETHEUS3_MODULE = join(FOLDER, 'prometheus3');

/** Istio's command line, analyzers, configuration server, agent and CRDs, all of one version. */
export const MESH_GROUP: ToolGroup = {
  name: 'mesh',
  files: [
    'istioctl',
    'pilot-agent',
    'analyze',
    'xds-server',
    'envoy_bootstrap.json',
    'istio-crds.yaml',
    'gateway-api-crds.yaml',
  ],
  sources: [MESH_MODULE],
  expectedMinutes: 7,
  make: async (folder) => {
    await build(MESH_MODULE, folder, '-s -w', [
      './analyze',
      './xds-server',
      'istio.io/istio/istioctl/cmd/istioctl',
      'istio.io/istio/pilot/cmd/pilot-agent',
    ]);
    const istio = await moduleFolder(MESH_MODULE, 'istio.io/istio');
    copy(join(istio, 'tools/packaging/common/envoy_bootstrap.json'), join(folder, 'envoy_bootstrap.json'));
    const api = await moduleFolder(MESH_MODULE, 'istio.io/api');
    copy(join(api, 'kubernetes/customresourcedefinitions.gen.yaml'), join(folder, 'istio-crds.yaml'));
    const gatewayApi = await moduleFolder(MESH_MODULE, 'sigs.k8s.io/gateway-api');
    joinDocuments(join(gatewayApi, 'config/crd/standard'), join(folder, 'gateway-api-crds.yaml'));
  },
};

/** The Kubernetes API server and etcd, for admission as in a cluster. */
export const KUBERNETES_GROUP: ToolGroup = {
  name: 'kubernetes',
  files: ['kube-apiserver', 'etcd'],
  sources: [KUBERNETES_MODULE],
  expectedMinutes: 5,
  make: async (folder) => {
    await build(KUBERNETES_MODULE, folder, `-s -w ${versionStamp()}`, [
      'k8s.io/kubernetes/cmd/kube-apiserver',
    ]);
    // The main package is the root of the module, so the default name would be v3.
    await build(KUBERNETES_MODULE, join(folder, 'etcd'), '-s -w', ['go.etcd.io/etcd/server/v3']);
  },
};

/** The test runner of Prometheus 3, whose ranges are open on the left; those of the group `prometheus` are closed. */
export const PROMETHEUS3_GROUP: ToolGroup = {
  name: 'prometheus3',
  files: ['promtool3'],
  sources: [PROMETHEUS3_MODULE],
  expectedMinutes: 5,
  make: (folder) =>
    build(PROMETHEUS3_MODULE, join(folder, 'promtool3'), '-s -w', [
      'github.com/prometheus/prometheus/cmd/promtool',
    ]),
};

async function build(module: string, output: string, linkerFlags: string, packages: readonly string[]) {
  const target = packages.length > 1 || packages[0]?.startsWith('k8s.io/') ? `${output}/` : output;
  await runTool(GO, ['build', '-mod=readonly', `-ldflags=${linkerFlags}`, '-o', target, ...packages], {
    cwd: module,
    purpose: 'building the lab tools',
  });
}

async function moduleFolder(module: string, path: string): Promise<string> {
  const listed = await runTool(GO, ['list', '-m', '-f', '{{.Dir}}', path], {
    cwd: module,
    purpose: 'building the lab tools',
  });
  return listed.trim();
}

/** Linker flags for the version that the API server reports; the default is v0.0.0. */
function versionStamp(): string {
  const [, version, major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(
      readFileSync(join(KUBERNETES_MODULE, 'go.mod'), 'utf8'),
    ) ?? [];
  const stamp = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(stamp)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

function joinDocuments(folder: string, target: string): void {
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  writeFileSync(target, documents.join('\n---\n'));
}

/** Copies a file of the module cache, which is read-only, to a writable file. */
function copy(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}
