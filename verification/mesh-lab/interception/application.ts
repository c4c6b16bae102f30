/**
 * The application in the redirected pod. It knows nothing of the proxy: it listens on its own port and connects to
 * others directly.
 *
 *     node application.js serve <pod> <workload> <port>
 *     node application.js call '{"target":{"address":…,"port":…},"request":{"host":…}}'
 *     node application.js connect <address> <port>
 *
 * The last two print their outcome as JSON.
 */
import { Backends } from '../mesh/backends';
import { isReachable, send, type Request, type Target } from '../mesh/send';
import { Teardown } from '../../support/teardown';

async function main([command, first = '', second = '', third = '']: readonly string[]): Promise<void> {
  if (command === 'serve')
    await new Backends(new Teardown()).serveHttp({ pod: first, workload: second }, '0.0.0.0', Number(third));
  else if (command === 'call') {
    const { target, request } = JSON.parse(first) as { readonly target: Target; readonly request: Request };
    print(await send(target, request));
  } else if (command === 'connect') print(await isReachable(first, Number(second)));
  else throw new Error(`unknown command '${command}'`);
}

function print(outcome: unknown): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  throw error;
});
