/** What takes time at Google, as switches. */
import { Discovery } from '../../../verification/cloud-lab/discovery/discovery';
import { labTools } from '../../../verification/toolchain/lab-tools';
import { testCloud } from './cloud';
import { PROJECT, VALID } from './valid-requests';

let discovery: Discovery;

beforeAll(async () => {
  discovery = new Discovery((await labTools(['discovery'], () => undefined))['discovery']!);
});

test('a log-based metric is unknown to Cloud Monitoring for a while', () => {
  let now = Date.now();
  const { send } = testCloud(discovery, { logMetricDelayMs: 600_000 }, () => now);
  send(VALID.logMetric);

  expect(send(VALID.thresholdAlert).response.status).toBe(404);
  now += 600_000;
  expect(send(VALID.thresholdAlert).response.status).toBe(200);
});

test('a grant on a key has no effect for a while', () => {
  let now = Date.now();
  const { send } = testCloud(discovery, { grantDelayMs: 120_000 }, () => now);
  for (const request of [VALID.keyRing, VALID.key, VALID.keyGrant]) send(request);

  expect(send(VALID.topic).response.status).toBe(403);
  now += 120_000;
  expect(send(VALID.topic).response.status).toBe(200);
});

test('a new account is unknown to other services for a while', () => {
  let now = Date.now();
  const { send } = testCloud(discovery, { accountDelayMs: 60_000 }, () => now);
  send(VALID.account);

  expect(send(VALID.projectGrant).response.status).toBe(400);
  now += 60_000;
  expect(send(VALID.projectGrant).response.status).toBe(200);
});

test('a deleted log bucket keeps its name, and can be restored', () => {
  const { send } = testCloud(discovery);
  const bucket = VALID.logBucket.target.replace(':createAsync?bucketId=', '/');
  const request = (verb: string, target: string) =>
    send({ ...VALID.logBucket, verb, target, body: undefined });
  send(VALID.logBucket);
  request('DELETE', bucket);

  expect(send(VALID.logBucket).response.status).toBe(409);
  expect(request('DELETE', bucket).findings[0]?.message).toContain('Buckets must be in an ACTIVE state');
  request('POST', `${bucket}:undelete`);
  expect(request('GET', bucket).response.body).toMatchObject({ lifecycleState: 'ACTIVE' });
});

test('what another resource uses cannot be deleted', () => {
  const { send } = testCloud(discovery);
  send(VALID.network);
  send(VALID.subnetwork);

  const { response, findings } = send({
    ...VALID.network,
    verb: 'DELETE',
    target: `/compute/v1/${PROJECT}/global/networks/vpc`,
    body: undefined,
  });
  expect(response.status).toBe(400);
  expect(findings[0]?.message).toContain('is already being used by');
});

test('a channel in use is deleted by force only, which takes it out of the policies', () => {
  const { send } = testCloud(discovery);
  const { name } = send(VALID.channel).response.body as { name: string };
  const alert = { ...VALID.promqlAlert.body, notificationChannels: [name] };
  const policy = send({ ...VALID.promqlAlert, body: alert }).response.body as { name: string };
  const request = (verb: string, target: string) =>
    send({ ...VALID.channel, verb, target: `/v3/${target}`, body: undefined }).response;

  expect(request('DELETE', name).status).toBe(400);
  expect(request('DELETE', `${name}?force=true`).status).toBe(200);
  expect(request('GET', policy.name).body).toMatchObject({ notificationChannels: [] });
});

test('a network that is peered by the number of its project cannot be deleted', () => {
  const { send, world } = testCloud(discovery);
  send(VALID.network);
  world.put('servicenetworking', `${PROJECT}/connections/vpc`, {
    network: `projects/${world.projectNumber}/global/networks/vpc`,
  });

  const { findings } = send({
    ...VALID.network,
    verb: 'DELETE',
    target: `/compute/v1/${PROJECT}/global/networks/vpc`,
    body: undefined,
  });
  expect(findings[0]?.message).toContain("used by 'servicenetworking");
});
