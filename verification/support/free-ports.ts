import getPort from 'get-port';

/** Distinct unused ports of loopback. None is returned again for 15 s, while its server may be starting. */
export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => getPort({ host: '127.0.0.1' })));
}
