/** Size of a proxy's configuration and memory. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Footprint } from './figures';
import { type Proxy } from '../mesh-lab/mesh/proxy';

/** The counted parts of Envoy's configuration dump. */
interface Dump {
  readonly configs: readonly {
    readonly dynamic_active_clusters?: readonly unknown[];
    readonly dynamic_listeners?: readonly unknown[];
    readonly dynamic_route_configs?: readonly RouteConfig[];
    readonly dynamic_endpoint_configs?: readonly EndpointConfig[];
  }[];
}
interface RouteConfig {
  readonly route_config: { readonly virtual_hosts?: readonly unknown[] };
}
interface EndpointConfig {
  readonly endpoint_config: {
    readonly endpoints?: readonly { readonly lb_endpoints?: readonly unknown[] }[];
  };
}

export async function footprintOf(proxy: Proxy): Promise<Footprint> {
  const received = await proxy.stats(/^cluster\.xds-grpc;?\.upstream_cx_rx_bytes_total$/);
  const memory = JSON.parse(await proxy.page('/memory')) as { readonly allocated: string };
  const dump = await proxy.page('/config_dump?include_eds');
  return {
    receivedBytes: [...received.values()][0] ?? 0,
    ...countDump(dump),
    allocatedBytes: Number(memory.allocated),
    residentBytes: residentBytes(childOf(proxy.agentPid)),
  };
}

/** @internal */
export function countDump(dump: string) {
  const { configs } = JSON.parse(dump) as Dump;
  const routes = configs.flatMap(({ dynamic_route_configs: found = [] }) => found);
  const endpoints = configs.flatMap(({ dynamic_endpoint_configs: found = [] }) => found);
  return {
    dumpBytes: Buffer.byteLength(dump),
    clusters: configs.flatMap(({ dynamic_active_clusters: found = [] }) => found).length,
    listeners: configs.flatMap(({ dynamic_listeners: found = [] }) => found).length,
    virtualHosts: routes.flatMap(({ route_config: { virtual_hosts: hosts = [] } }) => hosts).length,
    endpoints: endpoints
      .flatMap(({ endpoint_config: { endpoints: groups = [] } }) => groups)
      .flatMap(({ lb_endpoints: found = [] }) => found).length,
  };
}

/** Any thread of the process can be the parent. */
function childOf(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  if (children.length !== 1) throw new Error(`process ${pid} has ${children.length} children instead of one`);
  return Number(children[0]);
}

function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1_024;
}
