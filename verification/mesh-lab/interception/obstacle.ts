import { spawnSync } from 'node:child_process';
import { installed } from '../../toolchain/program';

const NEEDED = ['ip', 'iptables', 'iptables-restore', 'nsenter', 'setpriv', 'unshare'];
/** In a namespace of its own, so that it leaves nothing behind. */
const REHEARSAL =
  'ip link add rehearsal type veth && iptables -t nat -A OUTPUT -p tcp -m owner --uid-owner 1337 -j REDIRECT --to-ports 15001';

/** Why this machine cannot redirect the connections of a pod; nothing if it can. */
export function interceptionObstacle(
  isInstalled = (name: string) => installed(name) !== undefined,
): string | undefined {
  const missing = NEEDED.filter((name) => !isInstalled(name));
  if (missing.length > 0)
    return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed (iptables, iproute2, util-linux)`;
  if (process.getuid?.() !== 0) return 'only root may make network namespaces and redirect in them';
  const { status, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', REHEARSAL], { encoding: 'utf8' });
  return status === 0
    ? undefined
    : `this machine lets nobody redirect connections: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}
