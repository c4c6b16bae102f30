/**
 * The application in the pod, which knows nothing of a proxy: it listens at its own port, and calls others at theirs.
 *
 *     node application.js serve <pod> <workload> <port>
 *     node application.js call '{"target":{"address":…,"port":…},"request":{"host":…}}'
 *     node application.js connect <address> <port>
 *
 * The last two print what came of it as JSON.
 */
import { Backends } from '../mesh/backends';
import { reachesByTcp } from '../mesh/reaches-by-tcp';
import { send, type Request, type Target } from '../mesh/send';
import { Teardown } from '../../support/teardown';

async function main([order, first = '', second = '', third = '']: readonly string[]): Promise<void> {
  if (order === 'serve')
    await new Backends(new Teardown()).serveHttp({ at: first, by: second }, '0.0.0.0', Number(third));
  else if (order === 'call') {
    const { target, request } = JSON.parse(first) as { readonly target: Target; readonly request: Request };
    print(await send(target, request));
  } else if (order === 'connect') print(await reachesByTcp(first, Number(second)));
  else throw new Error(`no order '${order}'`);
}

function print(outcome: unknown): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  throw error;
});
