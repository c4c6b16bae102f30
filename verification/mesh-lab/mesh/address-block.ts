import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { LabError } from '../../support/errors';
import { type Teardown } from '../../support/teardown';

/** Loopback addresses of one lab. Its pods listen on the same ports as in a cluster. */
export interface AddressBlock {
  /** Returns an unused address. */
  readonly next: () => string;
}

/** A listener on this port reserves the block. */
const MARKER_PORT = 64_999;
const FIRST_HOST = 2;
const LAST_HOST = 254;

/** Reserves a /24 of loopback against other labs on this machine, until the teardown. */
export async function reserveAddressBlock(teardown: Teardown): Promise<AddressBlock> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const block = `127.${randomInt(16, 250)}.${randomInt(0, 256)}`;
    const marker = await listen(`${block}.1`);
    if (marker === undefined) continue;
    teardown.add(() => void marker.close());
    let host = FIRST_HOST;
    const next = () => {
      if (host > LAST_HOST) throw new LabError(`a lab has only ${LAST_HOST - FIRST_HOST + 1} addresses`);
      return `${block}.${host++}`;
    };
    return { next };
  }
  throw new LabError(
    'found no free block of loopback addresses; check that this machine can listen on all of 127.0.0.0/8',
  );
}

function listen(address: string): Promise<Server | undefined> {
  const server = createServer().unref();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(MARKER_PORT, address, () => resolve(server));
  });
}
