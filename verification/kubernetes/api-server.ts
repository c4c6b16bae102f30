import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../support/free-ports';
import { LabError } from '../support/errors';
import { startProcess, waitUntil } from '../support/processes';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { labTools, toolPath, type ToolPaths } from '../toolchain/lab-tools';
import { KubernetesClient, type Identity } from './client';
import { installDefinitions, readObjects } from './definitions';

export interface KubernetesOptions {
  /** Definitions to install at the start. @default Istio's and those of the Gateway API */
  readonly definitions?: readonly ('istio' | 'gateway-api')[];
  /** Users with their own token; others can be impersonated with `client.as(…)`. @default [] */
  readonly users?: readonly Identity[];
  /** Receives progress messages of tool builds. @default ignored */
  readonly log?: (message: string) => void;
  /** Data that `copyData` wrote, to continue with. @default no objects */
  readonly data?: string;
  /** Of the API server. @default a free one */
  readonly port?: number;
}

/**
 * A real Kubernetes API server with etcd on loopback, and its data in a temporary folder:
 *
 *     const kubernetes = await startKubernetes({ users: [{ user: 'ci@shop.example', groups: ['ci@shop.example'] }] });
 *     await kubernetes.client.apply(namespace);                       // administrator; server-side apply, strict
 *     await kubernetes.client.as({ user: 'eve' }).get(reference);     // ApiError 403, by real RBAC
 *     await kubernetes.clientOf('ci@shop.example').apply(object, { dryRun: true });
 *     await kubernetes.stop();
 *
 * RBAC, validating admission policies, CEL validation and field ownership work as in a cluster. There is no controller
 * manager: Deployments create no Pods, and a deleted Namespace stays in `Terminating`.
 */
export interface Kubernetes {
  readonly client: KubernetesClient;
  /** With the token of one of the `users`. */
  readonly clientOf: (user: string) => KubernetesClient;
  /** Token of one of the `users`. */
  readonly tokenOf: (user: string) => string;
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** File for SSL_CERT_FILE, `--certificate-authority` and Terraform's provider. */
  readonly caFile: string;
  /** File with the administrator's token. */
  readonly kubeconfigFile: string;
  /** Copies all objects into an empty folder. */
  readonly copyData: (folder: string) => void;
  readonly stop: () => Promise<void>;
}

const ADMINISTRATOR: Identity = { user: 'lab-administrator', groups: ['system:masters'] };

export async function startKubernetes(options: KubernetesOptions = {}): Promise<Kubernetes> {
  const tools = await labTools(['kubernetes', 'mesh'], options.log ?? (() => undefined));
  // Another lab may have taken one of the free ports meanwhile.
  for (let attempt = 1; ; attempt += 1) {
    const teardown = new Teardown();
    try {
      return await orTearDown(teardown, () => start(teardown, tools, options));
    } catch (error) {
      const collided = error instanceof LabError && error.message.includes('address already in use');
      if (!collided || attempt === 3) throw error;
    }
  }
}

async function start(
  teardown: Teardown,
  tools: ToolPaths,
  { users = [], definitions = ['istio', 'gateway-api'], data, port: wantedPort }: KubernetesOptions,
): Promise<Kubernetes> {
  const folder = scratchFolder(teardown, 'lab-kubernetes-');
  const [etcdPort = 0, peerPort = 0, freePort = 0] = await freePorts(3);
  const port = wantedPort ?? freePort;
  if (data !== undefined) cpSync(data, join(folder, 'etcd'), { recursive: true });
  const tokens = new Map(
    [ADMINISTRATOR, ...users].map(({ user }) => [user, randomBytes(16).toString('hex')]),
  );
  const tokenOf = (user: string) => {
    const token = tokens.get(user);
    if (token === undefined) throw new Error(`the API server was started without the user '${user}'`);
    return token;
  };
  writeSecrets(folder, [ADMINISTRATOR, ...users], tokenOf);

  const etcd = startProcess(teardown, {
    name: 'etcd',
    program: toolPath(tools, 'etcd'),
    args: etcdFlags(folder, etcdPort, peerPort),
    cwd: folder,
    logFile: join(folder, 'etcd.log'),
  });
  const server = startProcess(teardown, {
    name: 'kube-apiserver',
    program: toolPath(tools, 'kube-apiserver'),
    args: apiServerFlags(folder, etcdPort, port),
    cwd: folder,
    logFile: join(folder, 'kube-apiserver.log'),
    // Open watches would delay the shutdown by a minute.
    graceMs: 2_000,
  });
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(folder, 'certificates', 'apiserver.crt');
  await waitUntil('etcd', etcd, () => etcd.log().includes('ready to serve client requests'));
  await waitUntil('kube-apiserver', server, () => isReady(url, caFile, tokenOf(ADMINISTRATOR.user)), 60_000);

  const ca = readFileSync(caFile, 'utf8');
  const clientOf = (user: string) => {
    const client = new KubernetesClient({ url, ca, token: tokenOf(user) });
    teardown.add(() => client.close());
    return client;
  };
  const client = clientOf(ADMINISTRATOR.user);
  const kubeconfigFile = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigFile, renderKubeconfig({ url, caFile, token: tokenOf(ADMINISTRATOR.user) }));
  await installDefinitions(
    client,
    definitions.flatMap((name) => readObjects(toolPath(tools, `${name}-crds.yaml`))),
  );
  return {
    client,
    clientOf,
    tokenOf,
    url,
    caFile,
    kubeconfigFile,
    copyData: (target) => copyStopped(etcd.pid, join(folder, 'etcd'), target),
    stop: () => teardown.run(),
  };
}

/** As after a crash of etcd, which it recovers from: its files do not change while they are copied. */
function copyStopped(pid: number, from: string, to: string): void {
  process.kill(pid, 'SIGSTOP');
  try {
    cpSync(from, to, { recursive: true });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

function writeSecrets(
  folder: string,
  identities: readonly Identity[],
  tokenOf: (user: string) => string,
): void {
  mkdirSync(join(folder, 'certificates'));
  const rows = identities.map(
    ({ user, groups = [] }) => `${tokenOf(user)},"${user}","${user}","${groups.join(',')}"`,
  );
  writeFileSync(join(folder, 'tokens.csv'), `${rows.join('\n')}\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(folder, 'service-accounts.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'service-accounts.pub'), publicKey);
}

function etcdFlags(folder: string, clientPort: number, peerPort: number): string[] {
  // With copied data, etcd ignores the addresses of peers: the member is alone.
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--advertise-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data need not survive a crash.
    '--unsafe-no-fsync',
  ];
}

function apiServerFlags(folder: string, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${join(folder, 'service-accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'service-accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--api-audiences=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    // Without controllers, the accounts that this plugin requires and the server's endpoints do not exist.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
  ];
}

async function isReady(url: string, caFile: string, token: string): Promise<boolean> {
  let client: KubernetesClient | undefined;
  try {
    client = new KubernetesClient({ url, ca: readFileSync(caFile, 'utf8'), token });
    return (await client.send('GET', '/readyz')) === 'ok';
  } catch {
    return false; // no certificate, no listener, or the start is incomplete
  } finally {
    client?.close();
  }
}

/** A kubeconfig with one cluster and one user, for kubectl, istioctl and Terraform's provider. */
function renderKubeconfig(access: {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: access.url, 'certificate-authority': access.caFile } }],
    users: [{ name: 'lab', user: { token: access.token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });
}
