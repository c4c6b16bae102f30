/** `npm run lab -- --watch`, as a developer uses it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { weightsIn } from '../../verification/scale/push';
import { LabRun } from '../support/lab-run';
import { REFERENCE_SHOP } from '../support/catalogues';

jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'lab-catalogue-'));
const release = join(folder, 'releases', 'prod.yaml');
let run: LabRun;

beforeAll(async () => {
  cpSync(REFERENCE_SHOP, folder, { recursive: true });
  run = new LabRun('mesh-lab', ['--watch'], { MESH_CONFIG: folder });
  await run.says(/Ctrl-C stops the lab/);
});
afterAll(async () => {
  await run.dispose();
  rmSync(folder, { recursive: true });
});

const edit = (from: RegExp, to: string) =>
  writeFileSync(release, readFileSync(release, 'utf8').replace(from, to));

async function canaryWeights(): Promise<number[]> {
  const [, admin] = /^ {2}ingress-gateway-0 .* admin (\S+)/m.exec(run.output()) ?? [];
  const dump = await fetch(`${admin}/config_dump?resource=dynamic_route_configs`);
  return [...new Set(weightsIn(await dump.text(), 'checkout-v2.purchasing.svc.cluster.local'))];
}

test('it prints commands for manual requests', () => {
  const [, call = ''] = /as an external client:\n\s+(curl .*)/.exec(run.output()) ?? [];
  const [, token = ''] = /export TOKEN=(\S+)/.exec(run.output()) ?? [];
  const answer = execFileSync('sh', ['-c', call], {
    env: { ...process.env, TOKEN: token },
    encoding: 'utf8',
  });

  expect(answer).toMatch(/^HTTP\/(2|1\.1) 200/);
});

test('a changed weight reaches the running Envoys', async () => {
  expect(await canaryWeights()).toEqual([10]);
  edit(/weightPercent: 10\b/, 'weightPercent: 1');
  await run.says(/prod\.yaml: synthesized in \d+ ms, active in every Envoy \d+ ms later/);

  expect(await canaryWeights()).toEqual([1]);
});

test('an invalid edit is reported with its position, and leaves the mesh unchanged', async () => {
  edit(/weightPercent: 1\b/, 'weightPercent: many');
  await run.says(/prod\.yaml: not pushed\n.*releases\/prod\.yaml:\d+:\d+: .*weightPercent/);

  expect(await canaryWeights()).toEqual([1]);
});

test('Ctrl-C stops it and leaves nothing behind', async () => {
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output()).toMatch(/\ninterrupted: stopping everything that was started\n$/);
  expect(run.processes()).toEqual([]);
  expect(run.leftovers()).toEqual([]);
});
