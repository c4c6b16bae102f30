/** The engine on a small API of its own: what it checks, stores and refuses, whatever the product. */
import { copyField } from '../../../verification/cloud-lab/engine/update';
import { testCloud } from './cloud';
import { SHELF_DISCOVERY } from './shelf-api';
import { NUMBER, PROJECT } from './valid-requests';

function shelfCloud(now?: () => number, switches = {}) {
  const cloud = testCloud(SHELF_DISCOVERY, switches, now);
  cloud.world.services.add('storage.googleapis.com');
  const send = (verb: string, path: string, body?: any) => {
    const { response, findings } = cloud.send({
      verb,
      host: 'storage.googleapis.com',
      target: `/v1/${path}`,
      body,
    });
    return { status: response.status, body: response.body as any, findings };
  };
  const create = (body: any, id = 'one') => send('POST', `${PROJECT}/shelves?shelfId=${id}`, body);
  return { ...cloud, send, create };
}
const SHELF = `${PROJECT}/shelves/one`;

describe('a request is compared with the schema', () => {
  test.each([
    [
      {
        title: 'A',
        size: 3,
        books: '4',
        kind: 'OPEN',
        ttl: '1.5s',
        labels: { a: 'b' },
        rows: [{ open: true }],
      },
    ],
    [{ title: 'A', books: 4, kind: '', rows: [] }],
    [{ title: 'A', size: null }],
  ])('accepted: %j', (body) => {
    expect(shelfCloud().create(body).status).toBe(200);
  });

  test.each([
    [{ title: 'A', colours: 1 }, 'colours: unknown field of Shelf'],
    [{ title: 7 }, 'title: is number 7, must be a string'],
    [{ title: 'A', size: 'big' }, 'size: is string "big", must be a number'],
    [{ title: 'A', size: 2.5 }, "size: '2.5' is not int32"],
    [{ title: 'A', size: 2 ** 31 }, "size: '2147483648' is not int32"],
    [{ title: 'A', books: '9223372036854775808' }, "books: '9223372036854775808' is not int64"],
    [{ title: 'A', kind: 'open' }, "kind: 'open' is not one of OPEN, CLOSED, GLASS, OLD"],
    [{ title: 'A', kind: 'OLD' }, "kind: 'OLD': Deprecated: no longer supported."],
    [{ title: 'A', ttl: '1h' }, "ttl: '1h' is not google-duration"],
    [{ title: 'A', rows: {} }, 'rows: is object {}, must be a list'],
    [{ title: 'A', rows: [{}, { open: 'yes' }] }, 'rows[1].open: is string "yes", must be a boolean'],
    [{ title: 'A', labels: [] }, 'labels: is a list, must be an object'],
    [{ size: 1 }, 'title: required by Shelf'],
    [{ title: 'A', labels: { Owner: 'x' } }, "labels.Owner: 'Owner' is not a valid label key"],
  ])('refused: %j', (body, message) => {
    const { status, findings } = shelfCloud().create(body);

    expect(status).toBe(400);
    expect(findings).toEqual([
      {
        severity: 'refused',
        message: `400 ${message}`,
        source: { strength: 'schema', reference: 'storage.v1#Shelf' },
      },
    ]);
  });

  test('a deprecated field or value is reported and accepted', () => {
    const { status, findings } = shelfCloud().create({ title: 'A', colour: 'red', kind: 'GLASS' });

    expect(status).toBe(200);
    expect(findings.map(({ severity, message }) => `${severity} ${message}`).sort()).toEqual([
      'deprecated colour: deprecated: Use kind.',
      "deprecated kind: 'GLASS' is deprecated: Deprecated: prefer OPEN.",
    ]);
  });

  test.each([
    ['GET', `${PROJECT}/shelves?pageSize=ten`, "?pageSize: 'ten' is not int32"],
    ['GET', `${PROJECT}/shelves?size=1`, '?size: unknown query parameter'],
    ['GET', `${PROJECT}/shelves?alt=xml`, "?alt: 'xml' is not one of json"],
    ['PATCH', `${SHELF}?updateMask=title,rows.open`, "?updateMask=rows.open: no field 'open'"],
    ['PATCH', `${SHELF}?updateMask=title%20`, "?updateMask: 'title ' is not google-fieldmask"],
    ['DELETE', `${PROJECT}/books/one`, `no method: DELETE v1/${PROJECT}/books/one`],
  ])('refused: %s %s', (verb, path, message) => {
    const { findings } = shelfCloud().send(verb, path, verb === 'PATCH' ? { title: 'B' } : undefined);

    expect(findings[0]?.message).toContain(message);
  });

  test('a body is refused where the method takes none', () => {
    const { send, create } = shelfCloud();
    create({ title: 'A' });

    expect(send('DELETE', SHELF, { force: true }).findings[0]?.message).toContain('takes no body');
  });
});

describe('a resource', () => {
  test('is created once, read, listed, changed by a mask and deleted', () => {
    const { send, create } = shelfCloud();

    expect(create({ title: 'A', size: 1 }).body).toMatchObject({ name: SHELF, title: 'A' });
    expect(create({ title: 'A' }).status).toBe(409);
    expect(send('GET', `${PROJECT}/shelves`).body.shelves).toHaveLength(1);
    send('PATCH', `${SHELF}?updateMask=title,size`, { title: 'B' });
    expect(send('GET', SHELF).body).toMatchObject({ title: 'B' });
    expect(send('GET', SHELF).body).not.toHaveProperty('size');
    expect(send('DELETE', SHELF).body).toEqual({});
    expect(send('GET', SHELF).status).toBe(404);
  });

  test('has the same name under the id and the number of its project', () => {
    const { send, create } = shelfCloud();
    create({ title: 'A' });

    expect(send('GET', `projects/${NUMBER}/shelves/one`).status).toBe(200);
  });
});

describe('a path of an update mask', () => {
  const changed = (from: object, to: Record<string, unknown>, path: string) => {
    copyField(from, to, path.split('.'));
    return to;
  };

  test('sets and removes a field within a message', () => {
    expect(changed({ ratio: { good: 'a' } }, {}, 'ratio.good')).toEqual({ ratio: { good: 'a' } });
    expect(changed({ ratio: {} }, { ratio: { bad: 'b' } }, 'ratio.bad')).toEqual({ ratio: {} });
    expect(changed({}, { ratio: { bad: 'b', good: 'a' } }, 'ratio.bad')).toEqual({ ratio: { good: 'a' } });
  });

  // The provider masks every kind of indicator of an objective, and sends one.
  test('makes no message that neither side has', () => {
    expect(changed({ range: {} }, { range: {} }, 'ratio.good')).toEqual({ range: {} });
  });
});

describe('an IAM policy', () => {
  const policy = (members: string[], etag?: string) => ({
    policy: { bindings: [{ role: 'roles/storage.admin', members }], ...(etag !== undefined && { etag }) },
  });

  test('is replaced only with the current etag', () => {
    const { send, create } = shelfCloud();
    create({ title: 'A' });
    const { etag } = send('GET', `${SHELF}:getIamPolicy`).body;

    expect(send('POST', `${SHELF}:setIamPolicy`, policy(['allUsers'], etag)).status).toBe(200);
    expect(send('POST', `${SHELF}:setIamPolicy`, policy(['allUsers'], etag)).status).toBe(409);
    expect(send('GET', `${SHELF}:getIamPolicy`).body.bindings).toHaveLength(1);
  });

  test('names accounts that exist only', () => {
    const { send, create } = shelfCloud();
    create({ title: 'A' });

    const { status, findings } = send(
      'POST',
      `${SHELF}:setIamPolicy`,
      policy(['serviceAccount:nobody@x.iam.gserviceaccount.com']),
    );

    expect([status, findings[0]?.source?.strength]).toEqual([400, 'documentation']);
  });
});

test('a service that is disabled, or was enabled a moment ago, refuses every request', () => {
  let now = 1_000_000;
  const { send, world } = shelfCloud(() => now, { serviceDelayMs: 60_000 });
  world.services.delete('storage.googleapis.com');
  expect(send('GET', `${PROJECT}/shelves`).body.error.details[0].reason).toBe('SERVICE_DISABLED');

  world.enable('storage.googleapis.com');
  expect(send('GET', `${PROJECT}/shelves`).status).toBe(403);
  now += 60_000;
  expect(send('GET', `${PROJECT}/shelves`).status).toBe(200);
});
