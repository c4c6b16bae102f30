/** The figures of `verify scale`, for docs/lab.md. */
import { markdownTable } from 'markdown-table';
import type { Footprint, ScaleFigures, ScaleSetting } from '../scale/figures';
import { median } from '../support/median';

export function renderScale({ repeats, measured }: ScaleFigures): string {
  const proxies = measured.flatMap(({ services, scoped, unscoped, gateway }) => [
    row(services, 'sidecar with our scope', scoped.sidecar),
    row(services, 'sidecar without a scope', unscoped.sidecar),
    row(services, 'ingress gateway', gateway),
  ]);
  const pushes = measured.flatMap(({ services, scoped, unscoped }) => [
    pushRow(services, 'with our scope', scoped),
    pushRow(services, 'without a scope', unscoped),
  ]);
  return [
    markdownTable([
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
      ...proxies,
    ]),
    '',
    `Time from an edited canary weight until the sidecar's route has it; median and longest of ${repeats} edits:`,
    '',
    markdownTable([['services', 'sidecar', 'median', 'longest'], ...pushes]),
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
  const middle = `${Math.round(median(pushesMs))} ms`;
  const longest = `${Math.round(Math.max(...pushesMs))} ms`;
  return [services.toLocaleString('en'), scope, middle, longest];
}

function kilobytes(bytes: number): string {
  return Math.round(bytes / 1_000).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
