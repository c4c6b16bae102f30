import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Teardown } from './teardown';

/** Starts the server on an unused port. Returns its URL. The teardown closes it with its connections. */
export async function listenOnLoopback(teardown: Teardown, server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  teardown.add(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
