/** A Helm repository with a small stand-in for Kiali's chart, so that no run depends on the internet. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSync } from '../../../tools/process';
import { projectRoot } from '../../support/project-root';

export interface ChartRepository {
  /** `kiali.org` */
  readonly host: string;
  /** Content of the file at the path, if there is one. */
  readonly file: (path: string) => Buffer | undefined;
}

/**
 * @param repository URL that the stack names
 * @param version of the chart that the stack names
 */
export function packChart(folder: string, repository: string, version: string): ChartRepository {
  const chart = join(folder, 'charts', 'kiali-server');
  mkdirSync(chart, { recursive: true });
  cpSync(join(projectRoot(), 'verification', 'cloud-lab', 'kiali-chart'), chart, { recursive: true });
  const definition = readFileSync(join(chart, 'Chart.yaml'), 'utf8');
  writeFileSync(join(chart, 'Chart.yaml'), definition.replace('0.0.0', version));
  const name = `kiali-server-${version}.tgz`;
  runSync('tar', ['-czf', name, 'kiali-server'], { cwd: join(folder, 'charts'), reject: true });
  const archive = readFileSync(join(folder, 'charts', name));
  const entry = {
    apiVersion: 'v2',
    name: 'kiali-server',
    version,
    created: '2026-01-01T00:00:00Z',
    digest: createHash('sha256').update(archive).digest('hex'),
    urls: [`${repository}/${name}`],
  };
  const index = JSON.stringify({ apiVersion: 'v1', entries: { 'kiali-server': [entry] } });
  const { host, pathname } = new URL(repository);
  const files = new Map([
    [`${pathname}/index.yaml`, Buffer.from(index)],
    [`${pathname}/${name}`, archive],
  ]);
  return { host, file: (path) => files.get(path) };
}
