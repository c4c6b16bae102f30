/**
 * The network of one pod, as a node has it: a namespace of its own, a cable to the others, and Istio's own rules that
 * redirect what goes in and out. Everybody else is in the namespace of this process, which must be a private one.
 */
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../../support/errors';
import { startProcess } from '../../support/processes';
import { type Teardown } from '../../support/teardown';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';
import { run, type Program } from '../../toolchain/program';

const POD_IP = '10.4.0.2';
/** The other end of the cable. */
const NODE_IP = '10.4.0.1';
/** Addresses that this process answers at: other pods', and of the world outside (RFC 5737). */
const ANSWERED = ['10.4.1.0/24', '203.0.113.0/24'];
/** As Istio's injector sets it; the rules let its connections pass. */
const PROXY_USER = 1_337;
/** Anybody else. */
const APPLICATION_USER = 1_000;
const IP: Program = { name: 'ip', fix: 'install iproute2' };
const NSENTER: Program = { name: 'nsenter', fix: 'install util-linux' };

export interface PodNetwork {
  readonly podIp: string;
  readonly nodeIp: string;
  /** Words before a program's own that run it in the pod, as the proxy's user or as the application's. */
  readonly as: (user: 'proxy' | 'application') => readonly string[];
  /** Another address of the ranges that this process answers at. */
  readonly nextPodIp: () => string;
  readonly nextWorldIp: () => string;
}

export async function createPodNetwork(
  teardown: Teardown,
  tools: ToolPaths,
  folder: string,
): Promise<PodNetwork> {
  const options = { cwd: folder, purpose: "the network of the lab's pod" };
  const ip = (words: string) => run(IP, words.split(' '), options);
  const holder = startProcess(teardown, {
    name: 'the namespace of the pod',
    program: 'unshare',
    args: ['--net', 'sleep', 'infinity'],
    cwd: folder,
    logFile: `${folder}/pod-namespace.log`,
  });
  const enter = ['nsenter', `--net=/proc/${holder.pid}/ns/net`];
  const inPod = ([, ...words]: readonly string[], ...more: string[]) =>
    run(NSENTER, [...words, ...more], options);

  await ip('link set lo up');
  await untilApart(holder.pid);
  await ip(`link add node type veth peer name eth0 netns ${holder.pid}`);
  await ip(`address add ${NODE_IP}/30 dev node`);
  await ip('link set node up');
  for (const range of ANSWERED) await ip(`route add local ${range} dev lo`);
  await inPod(enter, 'ip', 'link', 'set', 'lo', 'up');
  await inPod(enter, 'ip', 'address', 'add', `${POD_IP}/30`, 'dev', 'eth0');
  await inPod(enter, 'ip', 'link', 'set', 'eth0', 'up');
  await inPod(enter, 'ip', 'route', 'add', 'default', 'via', NODE_IP);
  await inPod(enter, toolPath(tools, 'pilot-agent'), ...redirection());

  let pods = 1;
  let world = 1;
  return {
    podIp: POD_IP,
    nodeIp: NODE_IP,
    as: (user) => [...enter, ...becoming(user === 'proxy' ? PROXY_USER : APPLICATION_USER)],
    nextPodIp: () => `10.4.1.${(pods += 1)}`,
    nextWorldIp: () => `203.0.113.${(world += 1)}`,
  };
}

/** What `istio-init` is given in a pod. */
function redirection(): string[] {
  return [
    'istio-iptables',
    ...['-p', '15001', '-z', '15006', '-u', String(PROXY_USER), '-g', String(PROXY_USER)],
    ...['-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*', '-d', '15090,15021,15020'],
  ];
}

/** Another user, who may read the files of this one all the same, and who ends with the lab. */
function becoming(user: number): string[] {
  const may = '+dac_override';
  return [
    ...['setpriv', '--reuid', String(user), '--regid', String(user), '--clear-groups'],
    ...['--inh-caps', may, '--ambient-caps', may, '--pdeathsig', 'TERM', '--'],
  ];
}

/** The process has left this namespace. */
async function untilApart(pid: number): Promise<void> {
  const own = readlinkSync('/proc/self/ns/net');
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (readlinkSync(`/proc/${pid}/ns/net`) !== own) return;
    await sleep(10);
  }
  throw new LabError("the pod's namespace did not come up in 2 s");
}
