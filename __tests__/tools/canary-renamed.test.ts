/** The canary of a renamed service: its file has the new name, everything that runs keeps the old one. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canaryVersion, releaseOf, renderWeightCap } from '../../model/canary/weight-cap';
import { canaryCommand } from '../../tools/commands/canary';
import { readRelease } from '../../tools/canary-release/snapshot';
import { copyWithProdOnly } from '../support/catalogues';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'));
  copyWithProdOnly(folder);
  renameSync(join(folder, 'services', 'checkout.yaml'), join(folder, 'services', 'till.yaml'));
  edit('services/till.yaml', 'name: checkout', 'name: till\nrenamedFrom: checkout');
  edit('mesh.yaml', 'entries: [checkout]', 'entries: [till]');
  edit('releases/prod.yaml', '  checkout:\n', '  till:\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
}

const release = () => readFileSync(join(folder, 'releases', 'prod.yaml'), 'utf8');
const committed = () => readRelease(folder, { service: 'till', environment: 'prod' }, new Date());

async function mesh(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const command = canaryCommand(folder, (text) => printed.push(text));
  await command.parseAsync([...args, '--env', 'prod'], { from: 'user' });
  return printed.join('\n');
}

test('is found under the new name', () => {
  const { stage, entry, service } = committed();

  expect(stage).toBe('stepping');
  expect(entry.canary?.weightPercent).toBe(10);
  expect(service.versions[1]?.workload).toBe('checkout-v2');
});

test('is changed in its own entry', async () => {
  const before = release();

  expect(await mesh('rollback', 'till')).toBe(
    "till in prod: v2 receives no traffic from now on; apply the plan, then run 'finish' to remove it, or 'start' with another image",
  );

  const [changed] = before.split('weightPercent: 10');
  expect(release()).toContain(`${changed}weightPercent: 0`);
  expect(release()).not.toMatch(/^ {2}checkout:/m);
});

test('is held by a weight cap with the old name', async () => {
  const canary = canaryVersion(committed().service)!;
  const weightCap = renderWeightCap({
    service: 'checkout',
    host: canary.host,
    release: releaseOf(canary),
    maximumWeightPercent: 0,
    action: 'rollback',
    incident: '0.abc',
    time: '2026-02-01T08:30:00Z',
  });
  writeFileSync(join(folder, 'weight-caps.json'), JSON.stringify({ items: [weightCap] }));
  writeFileSync(join(folder, 'evidence.json'), '{}');

  const status = JSON.parse(
    await mesh(
      'status',
      'till',
      '--json',
      '--weight-caps',
      join(folder, 'weight-caps.json'),
      '--metrics',
      join(folder, 'evidence.json'),
    ),
  );
  expect(status.service).toBe('till');
  expect(status.blockers[0].reason).toContain('a weight cap of 0 % holds this release');
});
