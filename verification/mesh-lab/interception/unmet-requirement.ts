import { runSync } from '../../../tools/process';
import { installed } from '../../toolchain/program';

const NEEDED = ['ip', 'iptables', 'iptables-restore', 'nsenter', 'setpriv', 'unshare'];
/** Runs in a new network namespace, so that it has no effect on this machine. */
const TRIAL =
  'ip link add trial type veth && iptables -t nat -A OUTPUT -p tcp -m owner --uid-owner 1337 -j REDIRECT --to-ports 15001';

/** Why this machine cannot redirect the connections of a pod; `undefined` if it can. */
export function unmetRequirement(
  isInstalled = (name: string) => installed(name) !== undefined,
): string | undefined {
  const missing = NEEDED.filter((name) => !isInstalled(name));
  if (missing.length > 0)
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed (iptables, iproute2, util-linux)`;
  if (process.getuid?.() !== 0)
    return 'only root can create network namespaces and redirect connections; run as root';
  const { exitCode, stderr } = runSync('unshare', ['--net', 'sh', '-c', TRIAL]);
  return exitCode === 0
    ? undefined
    : `this machine does not allow the redirection of connections: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}
