import { aCatalogue, edited } from '../support/catalogue-fixture';
import { addressesOf, synthEnvironment, type StackJson } from '../support/synth';

const TYPE = 'google_monitoring_notification_channel';

function stacksWith(notifications: string): ReadonlyMap<string, StackJson> {
  const changes = edited(
    'environments/test.yaml',
    '{ page: [a@shop.example], ticket: [b@shop.example] }',
    notifications,
  );
  return synthEnvironment(aCatalogue(changes).environments[0]!);
}

function addressees(stacks: ReadonlyMap<string, StackJson>): Record<string, string> {
  const channels = stacks.get('test-observability')?.resource?.[TYPE] ?? {};
  return Object.fromEntries(
    Object.entries(channels).flatMap(([id, { labels }]) =>
      labels.email_address === undefined ? [] : [[id, labels.email_address]],
    ),
  );
}

const before = stacksWith('{ page: [a@shop.example], ticket: [b@shop.example] }');

test('a channel has owner and severity as its id', () => {
  expect(addressees(before)).toEqual({
    channels_page: 'a@shop.example',
    channels_ticket: 'b@shop.example',
    channels_team_cart_page: 'a@shop.example',
    channels_team_cart_ticket: 'b@shop.example',
    channels_team_platform_page: 'a@shop.example',
    channels_team_platform_ticket: 'b@shop.example',
    channels_team_stock_page: 'a@shop.example',
    channels_team_stock_ticket: 'b@shop.example',
    channels_team_web_page: 'a@shop.example',
    channels_team_web_ticket: 'b@shop.example',
  });
});

test.each([
  ['a new address', '{ page: [new@shop.example], ticket: [b@shop.example] }'],
  [
    'recipients of a team',
    '{ page: [a@shop.example], ticket: [b@shop.example], owners: { team-cart: { page: [c@shop.example] } } }',
  ],
])('%s changes channels in place, and no alert policy', (_, notifications) => {
  const after = stacksWith(notifications);

  expect(addressees(after)).not.toEqual(addressees(before));
  for (const [id, stack] of before) expect(addressesOf(after.get(id))).toEqual(addressesOf(stack));
  expect(after.get('test-mesh-policies')).toEqual(before.get('test-mesh-policies'));
});

test('a further address gets a channel of its own', () => {
  const after = stacksWith('{ page: [a@shop.example, c@shop.example], ticket: [b@shop.example] }');

  expect(addressees(after)).toMatchObject({
    channels_page: 'a@shop.example',
    channels_page_2: 'c@shop.example',
  });
});

test('channels that had their address as id are moved', () => {
  const stacks = stacksWith(
    '{ page: [a@shop.example], ticket: [b@shop.example], owners: { team-cart: { page: [a@shop.example], ticket: [c@shop.example] } } }',
  );

  expect((stacks.get('test-observability') as any).moved).toEqual([
    { from: `${TYPE}.channels_page_a_shop_example`, to: `${TYPE}.channels_page` },
    { from: `${TYPE}.channels_ticket_b_shop_example`, to: `${TYPE}.channels_ticket` },
    { from: `${TYPE}.channels_ticket_c_shop_example`, to: `${TYPE}.channels_team_cart_ticket` },
  ]);
});

test('each alert policy notifies somebody', () => {
  const policies = [...before.values()].flatMap((stack) =>
    Object.values(stack.resource?.['google_monitoring_alert_policy'] ?? {}),
  );

  expect(policies.length).toBeGreaterThan(10);
  expect(policies.filter(({ notification_channels: channels }) => channels.length === 0)).toEqual([]);
});
