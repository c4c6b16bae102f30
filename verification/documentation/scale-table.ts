/** What `npm run lab:scale` measured, for docs/lab.md. */
import { table } from './canary-simulation-table';

export const SCALE_FILE = 'docs/generated/lab-scale.json';

export interface Footprint {
  /** Sent by the configuration server since the proxy started. */
  readonly receivedBytes: number;
  /** Of Envoy's own dump, endpoints included. */
  readonly dumpBytes: number;
  readonly clusters: number;
  readonly listeners: number;
  readonly virtualHosts: number;
  readonly endpoints: number;
  /** In use by Envoy's allocator. */
  readonly allocatedBytes: number;
  /** Of the process, the program included. */
  readonly residentBytes: number;
}

export interface ScaleSetting {
  readonly sidecar: Footprint;
  /** Until the sidecar had an edited weight, once an edit. */
  readonly pushesMs: readonly number[];
}

export interface ScaleMeasured {
  readonly services: number;
  /** Kubernetes Services: each service has one, and each version. */
  readonly hosts: number;
  /** That the measured service's Sidecar names. */
  readonly hostsInScope: number;
  readonly scoped: ScaleSetting;
  /** The same without a Sidecar object anywhere. */
  readonly unscoped: ScaleSetting;
  /** Sidecars do not apply to it. */
  readonly gateway: Footprint;
}

export interface ScaleFigures {
  readonly repeats: number;
  readonly measured: readonly ScaleMeasured[];
}

export function renderScale({ repeats, measured }: ScaleFigures): string {
  const proxies = measured.flatMap(({ services, scoped, unscoped, gateway }) => [
    row(services, 'sidecar, our scope', scoped.sidecar),
    row(services, 'sidecar, no scope', unscoped.sidecar),
    row(services, 'ingress gateway', gateway),
  ]);
  const pushes = measured.flatMap(({ services, scoped, unscoped }) => [
    pushRow(services, 'our scope', scoped),
    pushRow(services, 'no scope', unscoped),
  ]);
  return [
    ...table(
      [
        'services',
        'proxy',
        'received',
        'config dump',
        'clusters',
        'listeners',
        'virtual hosts',
        'endpoints',
        'Envoy allocates',
        'resident',
      ],
      proxies,
    ),
    '',
    `One weight of a canary edited, until the route in the sidecar's dump has it; median and longest of ${repeats}:`,
    '',
    ...table(['services', 'sidecars have', 'median', 'longest'], pushes),
  ].join('\n');
}

function row(services: number, proxy: string, one: Footprint): string[] {
  return [
    services.toLocaleString('en'),
    proxy,
    `${kilobytes(one.receivedBytes)} kB`,
    `${kilobytes(one.dumpBytes)} kB`,
    String(one.clusters),
    String(one.listeners),
    String(one.virtualHosts),
    String(one.endpoints),
    `${megabytes(one.allocatedBytes)} MB`,
    `${megabytes(one.residentBytes)} MB`,
  ];
}

function pushRow(services: number, scope: string, { pushesMs }: ScaleSetting): string[] {
  const median = `${Math.round(medianOf(pushesMs))} ms`;
  const longest = `${Math.round(Math.max(...pushesMs))} ms`;
  return [services.toLocaleString('en'), scope, median, longest];
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function kilobytes(bytes: number): string {
  return Math.round(bytes / 1_000).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
