import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts } from '../support/free-ports';
import { startProcess, waitUntil } from '../support/processes';
import type { Teardown } from '../support/teardown';
import { runTool } from '../toolchain/program';
import { toolPath, type ToolPaths } from '../toolchain/lab-tools';

export interface PrometheusOptions {
  readonly tools: ToolPaths;
  readonly folder: string;
  /** Samples with timestamps in the OpenMetrics format, stored before the start. @default none */
  readonly history?: string;
  /** @default nothing is scraped */
  readonly scrape?: {
    /** `http://127.0.0.1:9901/stats/prometheus` */
    readonly urls: readonly string[];
    readonly intervalSeconds: number;
    /** Prometheus' own `metric_relabel_configs`. */
    readonly relabel: readonly object[];
  };
  /** Evaluates each expression at the interval, and sends an alert to the port on loopback for each with a value. */
  readonly alerts?: {
    readonly intervalSeconds: number;
    readonly expressions: Readonly<Record<string, string>>;
    readonly listenerPort: number;
  };
}

/** Starts Prometheus on loopback. @returns its URL */
export async function startPrometheus(teardown: Teardown, options: PrometheusOptions): Promise<string> {
  const { tools, folder, history, scrape, alerts } = options;
  const storage = join(folder, 'prometheus');
  mkdirSync(storage, { recursive: true });
  if (history !== undefined) {
    const file = join(folder, 'history.txt');
    writeFileSync(file, history);
    const program = { name: toolPath(tools, 'promtool'), fix: 'make the lab tools' };
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', file, storage];
    await runTool(program, args, { cwd: folder, purpose: 'writing history' });
  }
  const config = join(folder, 'prometheus.yaml');
  writeFileSync(config, stringify(configuration(folder, scrape, alerts)));
  const [port = 0] = await freePorts(1);
  const address = `http://127.0.0.1:${port}`;
  const running = startProcess(teardown, {
    name: 'prometheus',
    program: toolPath(tools, 'prometheus'),
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${storage}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    cwd: folder,
    logFile: join(folder, 'prometheus.log'),
  });
  await waitUntil('prometheus', running, async () => {
    const response = await fetch(`${address}/-/ready`).catch(() => undefined);
    return response?.ok === true;
  });
  return address;
}

function configuration(
  folder: string,
  scrape: PrometheusOptions['scrape'],
  alerts: PrometheusOptions['alerts'],
) {
  if (alerts !== undefined) {
    const rules = Object.entries(alerts.expressions).map(([alert, expr]) => ({ alert, expr }));
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'detectors', rules }] }));
  }
  return {
    ...(alerts && {
      global: { evaluation_interval: `${alerts.intervalSeconds}s` },
      rule_files: ['rules.yaml'],
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alerts.listenerPort}`] }] }],
      },
    }),
    ...(scrape && {
      scrape_configs: scrape.urls.map((url) => ({
        job_name: url,
        scrape_interval: `${scrape.intervalSeconds}s`,
        scrape_timeout: `${scrape.intervalSeconds}s`,
        metrics_path: new URL(url).pathname,
        static_configs: [{ targets: [new URL(url).host] }],
        metric_relabel_configs: scrape.relabel,
      })),
    }),
  };
}
