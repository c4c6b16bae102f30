import { UsageError } from '../../tools/command-line';
import { Monitoring, type SendToMonitoring } from '../../tools/page-test/monitoring';
import { testPages, type PageTestOptions } from '../../tools/page-test/page-test';
import { aCatalogue, edited } from '../support/catalogue-fixture';

/** Cloud Monitoring, as far as a page test uses it: pages of one, and incidents that open after some polls. */
class FakeMonitoring {
  readonly policies = new Map<string, Record<string, unknown>>();
  readonly created: Record<string, unknown>[] = [];
  openAfterPolls = 1;
  polls = 0;
  failOn: (method: string, path: string) => number | undefined = () => undefined;
  channels = [
    channel('page: a@shop.example', 'a@shop.example'),
    channel('ticket: b@shop.example', 'b@shop.example'),
  ];

  readonly send: SendToMonitoring = (method, path, body) => {
    const failure = this.failOn(method, path);
    if (failure !== undefined)
      return Promise.resolve({ status: failure, body: { error: { message: 'denied' } } });
    return Promise.resolve({ status: 200, body: this.reply(method, path, body) });
  };

  private reply(method: string, path: string, body?: object): unknown {
    const [resource = '', query = ''] = path.split('?');
    if (method === 'POST') {
      const name = `projects/shop-test/alertPolicies/${this.created.length + 1}`;
      this.policies.set(name, { ...body, name });
      this.created.push({ ...body, name });
      return { name };
    }
    if (method === 'DELETE') return this.policies.delete(resource) ? {} : undefined;
    const collection = resource.split('/').at(-1)!;
    if (collection === 'alerts') {
      this.polls += 1;
      const open = this.polls > this.openAfterPolls ? [...this.policies.keys()] : [];
      return { alerts: open.map((name) => ({ policy: { name }, state: 'OPEN' })) };
    }
    const all = collection === 'notificationChannels' ? this.channels : [...this.policies.values()];
    const at = Number(new URLSearchParams(query).get('pageToken') ?? '0');
    return { [collection]: all.slice(at, at + 1), nextPageToken: at + 1 < all.length ? `${at + 1}` : '' };
  }
}

function channel(displayName: string, address: string, more: object = {}) {
  return {
    name: `projects/shop-test/notificationChannels/${displayName.replace(/\W+/g, '-')}`,
    displayName,
    labels: { email_address: address },
    ...more,
  };
}

const [environment] = aCatalogue().environments;

function start(fake: FakeMonitoring, options: Partial<PageTestOptions> = {}, inEnvironment = environment!) {
  return testPages(inEnvironment, {
    monitoring: new Monitoring('shop-test', fake.send),
    signal: new AbortController().signal,
    openWithinSeconds: 30,
    deliverSeconds: 60,
    onStep: () => undefined,
    ...options,
  });
}

jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, _: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise<void>((settle, reject) => {
      if (signal.aborted) reject(new Error('aborted'));
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      setImmediate(() => (ms > 100_000 ? undefined : settle()));
    }),
}));

test('a page and a ticket reach every channel, and no policy remains', async () => {
  const fake = new FakeMonitoring();

  expect(await start(fake)).toEqual({ page: ['a@shop.example'], ticket: ['b@shop.example'] });
  expect(fake.created).toMatchObject([
    { displayName: 'test: test page, no action needed', severity: 'CRITICAL' },
    { displayName: 'test: test ticket, no action needed', severity: 'WARNING' },
  ]);
  expect(fake.created.map(({ notificationChannels }) => notificationChannels)).toEqual([
    [fake.channels[0]!.name],
    [fake.channels[1]!.name],
  ]);
  expect(fake.policies.size).toBe(0);
});

test('channels of owners belong to it, in policies of at most 16 channels', async () => {
  const fake = new FakeMonitoring();
  const owners = Array.from({ length: 20 }, (_, index) => `o${index}@shop.example`);
  fake.channels.push(...owners.map((address, index) => channel(`team-${index} page: ${address}`, address)));

  expect((await start(fake)).page).toEqual(['a@shop.example', ...owners]);
  expect(fake.created.map(({ notificationChannels }) => (notificationChannels as string[]).length)).toEqual([
    16, 5, 1,
  ]);
});

test.each([
  ['does not exist', []],
  ['is disabled', [channel('ticket: b@shop.example', 'b@shop.example', { enabled: false })]],
  [
    'is not verified',
    [channel('ticket: b@shop.example', 'b@shop.example', { verificationStatus: 'UNVERIFIED' })],
  ],
])('a recipient whose channel %s is reported, and nothing is sent', async (_, ticket) => {
  const fake = new FakeMonitoring();
  fake.channels = [fake.channels[0]!, ...ticket];

  await expect(start(fake)).rejects.toThrow(
    new UsageError(
      "no enabled and verified channel for ticket to b@shop.example; apply 'test-observability' and verify the channel",
    ),
  );
  expect(fake.created).toEqual([]);
});

test("an owner's recipient without a channel is reported", async () => {
  const [withOwner] = aCatalogue(
    edited(
      'environments/test.yaml',
      'ticket: [b@shop.example] }',
      'ticket: [b@shop.example], owners: { team-cart: { page: [c@shop.example] } } }',
    ),
  ).environments;

  await expect(start(new FakeMonitoring(), {}, withOwner)).rejects.toThrow('page to c@shop.example');
});

test('an incident that does not open is an error, and no policy remains', async () => {
  const fake = new FakeMonitoring();
  fake.openAfterPolls = 100;

  await expect(start(fake)).rejects.toThrow(/^2 of 2 test alerts did not open within 30 s/);
  expect(fake.policies.size).toBe(0);
});

test('an interrupted test removes its policies', async () => {
  const fake = new FakeMonitoring();
  const controller = new AbortController();
  const run = start(fake, { signal: controller.signal, deliverSeconds: 1_000 });
  while (fake.polls < 2) await new Promise((settle) => setImmediate(settle));
  expect(fake.policies.size).toBe(2);
  controller.abort();
  await run;

  expect(fake.policies.size).toBe(0);
});

test('policies of a killed test are removed by the next one, which lists none without the label', async () => {
  const fake = new FakeMonitoring();
  fake.policies.set('projects/shop-test/alertPolicies/old', { name: 'projects/shop-test/alertPolicies/old' });
  const filters: string[] = [];
  const send: SendToMonitoring = (method, path, body) => {
    if (method === 'GET' && path.includes('/alertPolicies?'))
      filters.push(new URLSearchParams(path.split('?')[1]).get('filter') ?? '');
    return fake.send(method, path, body);
  };
  await start(fake, { monitoring: new Monitoring('shop-test', send) });

  expect([...new Set(filters)]).toEqual(['user_labels.purpose="page-test"']);
  expect(fake.policies.size).toBe(0);
});

test('a second policy that cannot be created takes the first one with it', async () => {
  const fake = new FakeMonitoring();
  fake.failOn = (method) => (method === 'POST' && fake.created.length === 1 ? 403 : undefined);

  await expect(start(fake)).rejects.toThrow(
    new UsageError(
      "Cloud Monitoring refused POST projects/shop-test/alertPolicies (403): denied; grant the login roles/monitoring.alertPolicyEditor and roles/monitoring.viewer in project 'shop-test'",
    ),
  );
  expect(fake.policies.size).toBe(0);
});
