import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPLY_ROLES } from '../../../tools/bootstrap/pipeline-accounts';
import { bucketRights } from '../../../verification/cloud-lab/lab/bucket-rights';
import { ImportIds } from '../../../verification/cloud-lab/lab/import-id';
import { commandWords, RunbookPage } from '../../../verification/cloud-lab/lab/runbook';
import { StateBucket } from '../../../verification/cloud-lab/server/state-bucket';
import { aCatalogue } from '../../support/catalogue-fixture';
import { synthesizedTypes } from './synthesized-types';

const runbook = new RunbookPage('interrupted-apply');

describe('docs/runbooks/interrupted-apply.md', () => {
  /** Created again without an error. */
  const REPEATABLE =
    /_iam_(member|audit_config)$|^google_project_service$|^google_binary_authorization_policy$|^terraform_data$/;
  /** Google chooses the name: a second one is a duplicate. */
  const DUPLICATED = [
    'google_monitoring_alert_policy',
    'google_monitoring_dashboard',
    'google_monitoring_notification_channel',
  ];

  test('has an import id for every type of resource that cannot be created twice', () => {
    const types = synthesizedTypes().filter((type) => !REPEATABLE.test(type) && !DUPLICATED.includes(type));
    expect(types.length).toBeGreaterThan(40);
    expect(types.filter((type) => !runbook.importIds.has(type))).toEqual([]);
  });
  test('names no type that the pipeline may not manage', () => {
    const prefixes = Object.values(APPLY_ROLES).flat();
    const types = [...runbook.importIds.keys()];
    expect(types.filter((type) => !prefixes.some((prefix) => type.startsWith(prefix)))).toEqual([]);
  });
  test('has each command once', () => {
    expect(runbook.command('terraform -chdir=cdktf.out/stacks/STACK import')).toBe(
      'terraform -chdir=cdktf.out/stacks/STACK import ADDRESS IMPORT_ID',
    );
    expect(() => runbook.command('terraform -chdir=cdktf.out/stacks/STACK taint')).toThrow('0 commands');
  });
});

test('placeholders of a command need values', () => {
  expect(commandWords('gcloud x delete NAME --project P', { NAME: 'a b', P: 'shop' })).toEqual([
    ...['gcloud', 'x', 'delete', 'a b', '--project', 'shop'],
  ]);
  expect(() => commandWords('gcloud x delete NAME', {})).toThrow(
    "'gcloud x delete NAME' needs a value for NAME",
  );
});

describe('import ids', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-ids-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'cdk.tf.json'),
    JSON.stringify({
      resource: {
        google_compute_router: { router: { name: 'shop-router' } },
        google_compute_router_nat: {
          nat: { name: 'shop-nat', router: '${google_compute_router.router.name}' },
        },
        google_kms_key_ring: { ring: { name: 'mesh' } },
        google_kms_crypto_key: { key: { name: 'data', key_ring: '${google_kms_key_ring.ring.id}' } },
        kubernetes_manifest: {
          object: {
            manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } },
          },
        },
      },
    }),
  );
  const place = { projectId: 'shop-test', projectNumber: '123', region: 'europe-west1' };
  const ids = new ImportIds(runbook.importIds, place, folder);

  test.each([
    ['google_compute_router_nat.nat', 'projects/shop-test/regions/europe-west1/routers/shop-router/shop-nat'],
    ['google_kms_crypto_key.key', 'projects/shop-test/locations/europe-west1/keyRings/mesh/cryptoKeys/data'],
    ['kubernetes_manifest.object', 'apiVersion=v1,kind=ConfigMap,namespace=b,name=a'],
  ])('%s', (address, id) => expect(ids.of(address)).toBe(id));
  test('need the arguments that the runbook names', () =>
    expect(() => ids.of('google_compute_network.missing')).toThrow('has no argument name'));
});

describe('the state bucket', () => {
  const [environment] = aCatalogue().environments;
  const plan = `mesh-plan@${environment!.project.id}.iam.gserviceaccount.com`;
  const apply = `mesh-apply@${environment!.project.id}.iam.gserviceaccount.com`;
  const newBucket = () => new StateBucket('shop-state', bucketRights(environment!, 'shop-state'));
  const put = (account: string, name: string, precondition = '') => ({
    verb: 'POST',
    target: `/upload/storage/v1/b/shop-state/o?uploadType=multipart&name=${encodeURIComponent(name)}${precondition}`,
    contentType: 'multipart/related; boundary=xyz',
    body: `--xyz\r\nContent-Type: application/json\r\n\r\n{"name":"${name}"}\r\n--xyz\r\nContent-Type: text/plain\r\n\r\n{"serial":1}\r\n--xyz--`,
    account,
  });
  const read = (account: string, name: string) => ({
    verb: 'GET',
    target: `/shop-state/${name}`,
    contentType: '',
    body: '',
    account,
  });
  const STATE = 'test-network/default.tfstate';
  const LOCK = 'test-network/default.tflock';

  test('returns what was uploaded', () => {
    const bucket = newBucket();
    expect(bucket.answer(read(plan, STATE)).status).toBe(404);
    expect(bucket.answer(put(apply, STATE)).status).toBe(200);
    expect(bucket.answer(read(plan, STATE))).toMatchObject({ status: 200, body: '{"serial":1}' });
  });
  test('lets the account that plans create a state, and not replace it', () => {
    const bucket = newBucket();
    expect(bucket.answer(put(plan, STATE)).status).toBe(200);
    expect(bucket.answer(put(plan, STATE)).status).toBe(403);
    expect(bucket.answer(put(apply, STATE)).status).toBe(200);
    expect(bucket.answer(put(plan, 'test-network/other')).status).toBe(403);
    expect(bucket.answer(put(plan, LOCK)).status).toBe(200);
    expect(bucket.answer(put(plan, LOCK)).status).toBe(200);
    expect(bucket.answer(read('eve@shop.example', STATE)).status).toBe(403);
  });
  test('grants a lock once', () => {
    const bucket = newBucket();
    expect(bucket.answer(put(apply, LOCK, '&ifGenerationMatch=0')).status).toBe(200);
    expect(bucket.answer(put(plan, LOCK, '&ifGenerationMatch=0')).status).toBe(412);
    const remove = (generation: string) =>
      bucket.answer({
        verb: 'DELETE',
        target: `/storage/v1/b/shop-state/o/${encodeURIComponent(LOCK)}?ifGenerationMatch=${generation}`,
        contentType: '',
        body: '',
        account: apply,
      }).status;
    const { generation } = JSON.parse(
      bucket.answer({
        ...read(apply, LOCK),
        target: `/storage/v1/b/shop-state/o/${encodeURIComponent(LOCK)}?alt=json`,
      }).body,
    ) as { generation: string };
    expect(remove('1')).toBe(412);
    expect(remove(generation)).toBe(204);
    expect(remove(generation)).toBe(404);
  });
});
