import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { LabError } from '../../support/errors';
import { startProcess, waitUntil, type RunningProcess } from '../../support/processes';
import { type Teardown } from '../../support/teardown';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';

/** With a thousand services, the start takes half a minute on a busy machine. */
const READY_MS = 120_000;

/** Istio's configuration server over objects in memory. */
export class ConfigServer {
  private constructor(
    private readonly running: RunningProcess,
    /** `address:port` for proxies. */
    readonly discoveryAddress: string,
    private readonly control: string,
  ) {}

  static async start(
    teardown: Teardown,
    tools: ToolPaths,
    folder: string,
    options: {
      readonly objects: readonly KubernetesManifest[];
      readonly meshConfig: object;
      /** Address to listen on. @default '127.0.0.1' */
      readonly address?: string;
    },
  ): Promise<ConfigServer> {
    const objects = join(folder, 'objects.json');
    const meshConfig = join(folder, 'mesh-config.json');
    writeFileSync(objects, JSON.stringify(options.objects));
    writeFileSync(meshConfig, JSON.stringify(options.meshConfig));
    const running = startProcess(teardown, {
      name: 'the configuration server',
      program: toolPath(tools, 'xds-server'),
      args: [
        '-objects',
        objects,
        '-mesh-config',
        meshConfig,
        ...(options.address === undefined ? [] : ['-address', options.address]),
      ],
      cwd: folder,
      logFile: join(folder, 'xds-server.log'),
      holdsInput: true,
      env: {
        ...process.env,
        // Only Istio's build of Envoy has these filters.
        PILOT_ENABLE_METADATA_EXCHANGE: 'false',
        PILOT_ENABLE_ALPN_FILTER: 'false',
        PILOT_ENABLE_AMBIENT: 'false',
      },
    });
    const addresses = () => /^\{"control":"(?<control>[^"]+)","xds":"(?<xds>[^"]+)"\}$/m.exec(running.log());
    await waitUntil('the configuration server', running, () => addresses() !== null, READY_MS);
    const { control = '', xds = '' } = addresses()?.groups ?? {};
    return new ConfigServer(running, xds, control);
  }

  /** Replaces all objects. Returns how many changed. */
  put(objects: readonly KubernetesManifest[]): Promise<number> {
    return this.send('PUT', objects);
  }

  /** Updates or adds objects. Returns how many changed. */
  patch(objects: readonly KubernetesManifest[]): Promise<number> {
    return this.send('PATCH', objects);
  }

  private async send(method: string, objects: readonly KubernetesManifest[]): Promise<number> {
    const { changed } = JSON.parse(await this.call(method, '/objects', JSON.stringify(objects))) as {
      changed: number;
    };
    return changed;
  }

  /** True if every proxy has acknowledged the latest configuration. */
  async isSynchronized(): Promise<boolean> {
    const status = await this.call('GET', '/debug/syncz');
    return !/"STALE"|"NOT_SENT"|"config_status":\s*"?[24]/.test(status);
  }

  /** Error messages of proxies that rejected a configuration and therefore keep the previous one. */
  rejections(): string[] {
    return this.running
      .log()
      .split('\n')
      .filter((line) => line.includes('ACK ERROR'));
  }

  private call(method: string, path: string, body?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`http://${this.control}${path}`, { method }, (response) => {
        text(response).then((received) => {
          if (response.statusCode === 200) resolve(received);
          else reject(new LabError(`the configuration server rejected the objects: ${received.trim()}`));
        }, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
