import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformResource, type App } from 'cdktf';
import { writeThroughGate } from '../../gated-output';
import { GATE, GateError, checkStack, toGatedStack } from '../../model/gate';
import { addEnvironment } from '../../stacks';
import { OVERRIDES, PRIVATE_KEY } from '../support/gate-overrides';
import { environmentNamed } from '../support/catalogues';

const prod = environmentNamed('prod');
const work = mkdtempSync(join(tmpdir(), 'mesh-gate-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Violations of prod with the overrides; empty if it is written. */
function violationsWith(outdir: string, overrides: typeof OVERRIDES): readonly string[] {
  try {
    writeThroughGate({
      outdir,
      locks: join(outdir, '../locks'),
      isProduction: () => true,
      build: (app) => {
        addEnvironment(app, prod);
        for (const [, place, path, value] of overrides) override(app, place, path, value);
      },
    });
    return [];
  } catch (error) {
    if (error instanceof GateError) return error.violations;
    throw error;
  }
}

function override(app: App, place: string, path: string, value: unknown): void {
  const [stack = '', address = ''] = place.split(': ');
  const found = app.node
    .findChild(`prod-${stack}`)
    .node.findAll()
    .find(
      (node): node is TerraformResource =>
        node instanceof TerraformResource &&
        `${node.terraformResourceType}.${node.friendlyUniqueId}` === address,
    );
  if (found === undefined) throw new Error(`no ${address} in ${stack}`);
  found.addOverride(path, value);
}

describe('a violating override is rejected, and nothing is written', () => {
  const outdir = join(work, 'refused');
  mkdirSync(join(outdir, 'stacks/prod-network'), { recursive: true });
  writeFileSync(join(outdir, 'stacks/prod-network/cdk.tf.json'), 'unchanged');
  const violations = violationsWith(outdir, OVERRIDES);

  test.each(OVERRIDES)('%s at %s: %s', (id, place, _path, _value, words) => {
    const found = violations.filter(
      (line) => line.startsWith(`prod-${place}: `) && line.includes(words) && line.endsWith(` [${id}]`),
    );
    expect(found).toHaveLength(1);
  });

  test('each is reported once, and nothing else', () => {
    expect(violations).toHaveLength(OVERRIDES.length);
    expect([...new Set(OVERRIDES.map(([id]) => id))].sort()).toEqual(GATE.map(({ id }) => id));
    expect(violations.join()).not.toContain(PRIVATE_KEY);
  });

  test('the output folder is unchanged, and no temporary folder remains', () => {
    expect(readdirSync(work)).toEqual(['refused']);
    expect(readdirSync(outdir)).toEqual(['stacks']);
    expect(readFileSync(join(outdir, 'stacks/prod-network/cdk.tf.json'), 'utf8')).toBe('unchanged');
  });
});

test('every stack gets the committed lock file of its providers', () => {
  const locks = join(work, 'locks');
  mkdirSync(locks);
  writeFileSync(join(locks, 'google.hcl'), 'google alone');
  writeFileSync(join(locks, 'google-kubernetes.hcl'), 'both');
  const outdir = join(work, 'locked');
  mkdirSync(join(outdir, 'stacks/prod-data'), { recursive: true });
  writeFileSync(join(outdir, 'stacks/prod-data/.terraform.lock.hcl'), 'an older lock file');
  expect(violationsWith(outdir, [])).toEqual([]);
  const lockOf = (id: string) => join(outdir, 'stacks', id, '.terraform.lock.hcl');

  expect(readFileSync(lockOf('prod-data'), 'utf8')).toBe('google alone');
  expect(readFileSync(lockOf('prod-mesh-policies'), 'utf8')).toBe('both');
  expect(existsSync(lockOf('prod-observability'))).toBe(false);
  for (const folder of [outdir, locks]) rmSync(folder, { recursive: true });
});

test('prod passes, and files of Terraform in the output folder stay', () => {
  const outdir = join(work, 'written');
  mkdirSync(join(outdir, 'stacks/prod-network/.terraform'), { recursive: true });

  expect(violationsWith(outdir, [])).toEqual([]);
  expect(readdirSync(join(outdir, 'stacks'))).toHaveLength(5);
  expect(readdirSync(join(outdir, 'stacks/prod-network')).sort()).toEqual(['.terraform', 'cdk.tf.json']);
  rmSync(outdir, { recursive: true });
});

describe('resources that this configuration does not have', () => {
  const violationsOf = (resource: object, production = true) =>
    checkStack(
      toGatedStack(
        'prod-x',
        { provider: { google: [{ default_labels: { mesh: 'm', environment: 'e', stack: 's' } }] }, resource },
        production,
      ),
    ).map((line) => line.split('; ')[0]);

  test('a public database, a node pool and a bucket without protection', () => {
    const found = violationsOf({
      google_sql_database_instance: {
        db: {
          deletion_protection: true,
          encryption_key_name: 'k',
          settings: [{ user_labels: { a: 'b' }, ip_configuration: [{ ipv4_enabled: true }] }],
        },
      },
      google_container_node_pool: {
        pool: { node_config: { boot_disk_kms_key: 'k' }, network_config: { enable_private_nodes: false } },
      },
      google_storage_bucket: { data: { force_destroy: true, encryption: { default_kms_key_name: 'k' } } },
    });
    expect(found).toEqual([
      'prod-x: google_container_node_pool.pool: network_config.enable_private_nodes is not true',
      'prod-x: google_sql_database_instance.db: ipv4_enabled is not false',
      'prod-x: google_storage_bucket.data: force_destroy is true',
      'prod-x: google_storage_bucket.data: lifecycle.prevent_destroy is not true',
    ]);
  });

  test('protection is required in production only', () => {
    expect(violationsOf({ google_kms_crypto_key: { key: {} } }, false)).toEqual([]);
    expect(violationsOf({ google_kms_crypto_key: { key: {} } })).toHaveLength(1);
  });

  test('escaped templates pass, and nested ones are found', () => {
    const key = { lifecycle: { prevent_destroy: true } };
    const named = (name: string) => violationsOf({ google_kms_crypto_key: { key: { ...key, name } } });
    expect(named('costs $${amount} and 5 %%{off}')).toEqual([]);
    expect(named('${min(10, google_kms_crypto_key.key.weight)}')).toEqual([]);
    expect(named('${[for c in google_kms_crypto_key.key.all : c.weight if c.on]}')).toEqual([]);
    expect(named('${"${pathexpand(\'~\')}"}')).toHaveLength(1);
  });
});
