/** Every wrong request is refused, for the right reason and with its source; the same request without the error is accepted. */
import { Discovery } from '../../../verification/cloud-lab/discovery/discovery';
import { labTools } from '../../../verification/toolchain/lab-tools';
import { testCloud, type TestCloud } from './cloud';
import { PROJECT, VALID, type Request } from './valid-requests';
import { WRONG_ACCESS } from './wrong-access';
import { type Name } from './wrong-request';
import { WRONG_RESOURCES } from './wrong-resources';
import { WRONG_SCHEMA } from './wrong-schema';

const CASES = [...WRONG_SCHEMA, ...WRONG_RESOURCES, ...WRONG_ACCESS];

let discovery: Discovery;

beforeAll(async () => {
  discovery = new Discovery((await labTools(['discovery'], () => undefined))['discovery']!);
});

/** A project in which every request before the named one has been made. */
function cloudBefore(name: Name): TestCloud {
  const cloud = testCloud(discovery);
  cloud.send({ ...VALID.network, body: { name: 'taken' } });
  cloud.send({
    verb: 'PUT',
    host: 'pubsub.googleapis.com',
    target: `/v1/${PROJECT}/topics/silent`,
    body: {},
  });
  const deleted = VALID.logBucket.target.replace('evidence', 'deleted');
  cloud.send({ ...VALID.logBucket, target: deleted });
  cloud.send({
    ...VALID.logBucket,
    verb: 'DELETE',
    target: deleted.replace(':createAsync?bucketId=', '/'),
    body: undefined,
  });
  for (const [before, request] of Object.entries(VALID)) {
    if (before === name) break;
    cloud.send(request);
  }
  return cloud;
}

test('every valid request is accepted, in order', () => {
  const cloud = testCloud(discovery);
  const refused = Object.entries(VALID).flatMap(([name, request]) => {
    const { response, findings } = cloud.send(request);
    return response.status === 200 ? [] : [[name, findings]];
  });

  expect(refused).toEqual([]);
});

test('there are at least fifty wrong requests, each with another error', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(50);
  expect(new Set(CASES.map(([what]) => what)).size).toBe(CASES.length);
});

test.each(CASES)('refused: %s', (_, base, change, message, source) => {
  const cloud = cloudBefore(base);
  const wrong: Request = structuredClone(VALID[base]);
  change(wrong);

  const { response, findings } = cloud.send(wrong);

  expect(response.status).toBeGreaterThanOrEqual(400);
  const [refused] = findings.filter(({ severity }) => severity === 'refused');
  expect(refused?.message).toMatch(message);
  expect(refused?.source?.reference).toMatch(source);
  // The base alone is accepted in the same project.
  expect(cloud.send(VALID[base]).response.status).toBe(200);
});
