/**
 * The network of one pod as on a node: a network namespace, a veth pair, and Istio's iptables rules. All other pods are
 * in the namespace of this process, which must not be that of the machine.
 */
import { readlinkSync } from 'node:fs';
import { LabError } from '../../support/errors';
import { startProcess } from '../../support/processes';
import { type Teardown } from '../../support/teardown';
import { until } from '../../support/until';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';
import { runTool, type Program } from '../../toolchain/program';

const POD_IP = '10.4.0.2';
/** The node's end of the veth pair. */
const NODE_IP = '10.4.0.1';
/** Local addresses of this process: those of other pods, and external ones (RFC 5737). */
const LOCAL_RANGES = ['10.4.1.0/24', '203.0.113.0/24'];
/** User id of injected proxies, whose connections are not redirected. */
const PROXY_USER = 1_337;
/** Any other user id. */
const APPLICATION_USER = 1_000;
const IP: Program = { name: 'ip', fix: 'install iproute2' };
const NSENTER: Program = { name: 'nsenter', fix: 'install util-linux' };

export interface PodNetwork {
  readonly podIp: string;
  readonly nodeIp: string;
  /** Command prefix that runs a program in the pod, as the user of the proxy or of the application. */
  readonly as: (user: 'proxy' | 'application') => readonly string[];
  /** Unused addresses of the local ranges. */
  readonly nextPodIp: () => string;
  readonly nextExternalIp: () => string;
}

export async function createPodNetwork(
  teardown: Teardown,
  tools: ToolPaths,
  folder: string,
): Promise<PodNetwork> {
  const options = { cwd: folder, purpose: "the network of the lab's pod" };
  const ip = (args: string) => runTool(IP, args.split(' '), options);
  const holder = startProcess(teardown, {
    name: 'the namespace of the pod',
    program: 'unshare',
    args: ['--net', 'sleep', 'infinity'],
    cwd: folder,
    logFile: `${folder}/pod-namespace.log`,
  });
  const enter = ['nsenter', `--net=/proc/${holder.pid}/ns/net`];
  const inPod = (...command: string[]) => runTool(NSENTER, [...enter.slice(1), ...command], options);

  await ip('link set lo up');
  await namespaceCreated(holder.pid);
  await ip(`link add node type veth peer name eth0 netns ${holder.pid}`);
  await ip(`address add ${NODE_IP}/30 dev node`);
  await ip('link set node up');
  for (const range of LOCAL_RANGES) await ip(`route add local ${range} dev lo`);
  await inPod('ip', 'link', 'set', 'lo', 'up');
  await inPod('ip', 'address', 'add', `${POD_IP}/30`, 'dev', 'eth0');
  await inPod('ip', 'link', 'set', 'eth0', 'up');
  await inPod('ip', 'route', 'add', 'default', 'via', NODE_IP);
  await inPod(toolPath(tools, 'pilot-agent'), ...redirection());

  let pods = 1;
  let external = 1;
  return {
    podIp: POD_IP,
    nodeIp: NODE_IP,
    as: (user) => [...enter, ...asUser(user === 'proxy' ? PROXY_USER : APPLICATION_USER)],
    nextPodIp: () => `10.4.1.${(pods += 1)}`,
    nextExternalIp: () => `203.0.113.${(external += 1)}`,
  };
}

/** Arguments of `istio-init` in a pod. */
function redirection(): string[] {
  return [
    'istio-iptables',
    '-p',
    '15001',
    '-z',
    '15006',
    '-u',
    String(PROXY_USER),
    '-g',
    String(PROXY_USER),
    '-m',
    'REDIRECT',
    '-i',
    '*',
    '-x',
    '',
    '-b',
    '*',
    '-d',
    '15090,15021,15020',
  ];
}

/** Runs a program as another user that can read this user's files, and ends it with the lab. */
function asUser(user: number): string[] {
  const capability = '+dac_override';
  return [
    'setpriv',
    '--reuid',
    String(user),
    '--regid',
    String(user),
    '--clear-groups',
    '--inh-caps',
    capability,
    '--ambient-caps',
    capability,
    '--pdeathsig',
    'TERM',
    '--',
  ];
}

/** Waits until the process has its own network namespace. */
async function namespaceCreated(pid: number): Promise<void> {
  const own = readlinkSync('/proc/self/ns/net');
  await until(() => readlinkSync(`/proc/${pid}/ns/net`) !== own, {
    everyMs: 10,
    limitMs: 2_000,
    otherwise: () => new LabError("the pod's network namespace was not created within 2 s"),
  });
}
