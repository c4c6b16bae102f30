/**
 * A stack is applied before those that depend on it. A resource that an edit removes from an earlier stack is therefore
 * gone while a later stack still has the objects of before the edit. Each edit that removes a resource is made here, and
 * what the later stacks still name is compared with what the earlier ones have left.
 */
import { aCatalogue, edited, sourceFiles } from '../support/catalogue-fixture';
import { synthEnvironment, type StackJson } from '../support/synth';

type Changes = Readonly<Record<string, string | null>>;
type Stacks = ReadonlyMap<string, StackJson>;

const CART = 'services/cart.yaml';
const TEST = 'environments/test.yaml';
const MESH = 'mesh.yaml';

/** Earlier stacks of each stack. */
const EARLIER: Readonly<Record<string, readonly string[]>> = {
  'cluster-and-asm': ['network'],
  data: ['network', 'cluster-and-asm'],
  observability: ['network', 'cluster-and-asm'],
  'mesh-policies': ['network', 'cluster-and-asm', 'data', 'observability'],
};

/** Arguments with the name by which other stacks find a resource. */
const NAMING_ARGUMENTS = ['name', 'secret_id', 'account_id', 'repository_id', 'cluster_id'];

/** Prefix of the outputs that cdktf adds to a stack for references from others. */
const OUTPUT = 'cross_stack_output_';

interface Edit {
  readonly name: string;
  readonly before: Changes;
  readonly after: Changes;
  /** What later stacks may still name, with the reason why that does no harm. @default none */
  readonly harmless?: Readonly<Record<string, string>>;
}

const file = (path: string): string => sourceFiles().find((source) => source.file === path)!.text;
const notify = (lines: string): Changes =>
  edited(
    TEST,
    'notifications: { page: [a@shop.example], ticket: [b@shop.example] }',
    `notifications: ${lines}`,
  );
const ended = { 'releases/test.yaml': 'services: {}\n' };
const withSecret: Changes = {
  ...edited(CART, 'timeoutMs', 'secrets: [cart-key]\ndatabase: true\ntimeoutMs'),
  ...edited(MESH, 'domains:', 'secrets: { cart-key: { description: Key of the cart } }\ndomains:'),
};
const withKeys = (keys: string): Changes => edited(TEST, 'jwt:\n', `${keys}\njwt:\n`);

const A_MINUTE = 'running pods keep it; only a pod that starts between the two applies fails';

const SAME_NAME = 'has the name of the service account';
const SAME_WORD = "its name is a word in an alert's text";

const EDITS: readonly Edit[] = [
  {
    name: 'the address for pages changes',
    before: {},
    after: notify('{ page: [c@shop.example], ticket: [b@shop.example] }'),
  },
  {
    name: 'a team gets recipients of its own',
    before: {},
    after: notify(
      '{ page: [a@shop.example], ticket: [b@shop.example], owners: { team-cart: { page: [c@shop.example] } } }',
    ),
  },
  {
    name: 'a team loses its own recipients',
    before: notify(
      '{ page: [a@shop.example], ticket: [b@shop.example], owners: { team-cart: { page: [c@shop.example] } } }',
    ),
    after: {},
  },
  {
    name: 'the second address of a list is removed',
    before: notify('{ page: [a@shop.example, c@shop.example], ticket: [b@shop.example] }'),
    after: {},
    harmless: {
      google_monitoring_notification_channel:
        'force_delete removes it from the policies, which keep the first address',
    },
  },
  { name: 'the canary ends', before: withSecret, after: { ...withSecret, ...ended } },
  {
    name: 'the last canary ends, and its policy is removed',
    before: {},
    after: { ...edited(CART, 'canary: { calls: [stock], stepsPercent: [25, 50, 100] }\n', ''), ...ended },
    harmless: {
      google_cloud_scheduler_job: SAME_NAME,
      google_eventarc_trigger: SAME_NAME,
      google_service_account: 'role bindings and an admission policy name it, and need no account',
      google_workflows_workflow: SAME_NAME,
    },
  },
  {
    name: 'a service gives up a secret',
    before: withSecret,
    after: { ...withSecret, ...edited(CART, 'timeoutMs', 'database: true\ntimeoutMs') },
    harmless: { google_secret_manager_secret_iam_member: A_MINUTE },
  },
  {
    name: 'a secret is removed',
    before: withSecret,
    after: edited(CART, 'timeoutMs', 'database: true\ntimeoutMs'),
    harmless: {
      google_secret_manager_secret: `deletion protection refuses it first; then ${A_MINUTE}`,
      google_secret_manager_secret_iam_member: A_MINUTE,
    },
  },
  {
    name: 'a service gives up the database',
    before: withSecret,
    after: { ...withSecret, ...edited(CART, 'timeoutMs', 'secrets: [cart-key]\ntimeoutMs') },
    harmless: {
      google_service_account: 'removing the login is the purpose of the edit',
      google_service_account_iam_member: 'as above',
    },
  },
  {
    name: 'a service is removed',
    before: {},
    after: {
      ...edited(
        CART,
        '[stock]',
        '[bank]',
        edited(CART, '  - { service: stock, methods: [GET], paths: [/stock/*] }\n', ''),
      ),
      'services/stock.yaml': null,
    },
    harmless: { google_monitoring_notification_channel: 'its alerts are removed next' },
  },
  {
    name: 'a service gets another owner',
    before: {},
    after: edited('services/stock.yaml', 'owner: team-stock', 'owner: team-cart'),
    harmless: {
      google_monitoring_notification_channel:
        'force_delete removes it from the policies, which get the new one next; the review names the channel',
    },
  },
  {
    name: 'a third party is removed',
    before: {},
    after: {
      ...edited(CART, '  - { external: bank, methods: [POST], paths: [/charges] }\n', ''),
      'external/bank.yaml': null,
    },
  },
  {
    name: 'the certificate of the hop to the gateway is given up',
    before: {},
    after: withKeys('ingress: { hopEncryption: network }'),
  },
  {
    name: 'Kiali, the public zone, the rollback pipeline and the repository are given up',
    before: {
      ...withKeys(
        'kiali: { enabled: true }\ndns: { publicZone: shop.example }\nrollbackController: { startsPipeline: true }',
      ),
      [MESH]: `${file(MESH)}repository: example/shop\n`,
    },
    after: {},
    harmless: { google_artifact_registry_repository: "Kiali's pod has its image, and is removed next" },
  },
  {
    name: 'attestation is given up',
    before: edited(TEST, 'requireDigest: false,', 'attestation: required, requireDigest: false,'),
    after: {},
    harmless: {
      google_binary_authorization_attestor: SAME_WORD,
      google_container_analysis_note: SAME_WORD,
    },
  },
];

describe.each(EDITS.map((edit) => [edit.name, edit] as const))(
  '%s',
  (_, { before, after, harmless = {} }) => {
    const [was, is] = [stacksOf(before), stacksOf(after)];

    test('no later stack names what an earlier one has removed', () => {
      const missed = missedBy(was, is);

      expect(missed.filter(({ type }) => !(type in harmless)).map(({ text }) => text)).toEqual([]);
      expect([...new Set(missed.map(({ type }) => type))].sort()).toEqual(Object.keys(harmless).sort());
    });
  },
);

test('the comparison finds a channel, a named resource and a grant', () => {
  const was = stacksOf(withSecret);
  const emptied = (name: string, ...types: string[]): Stacks => {
    const stack = was.get(`test-${name}`)!;
    const resource = Object.fromEntries(
      Object.entries(stack.resource ?? {}).filter(([type]) => !types.includes(type)),
    );
    return new Map([...was, [`test-${name}`, { ...stack, resource }]]);
  };
  const missing = (stacks: Stacks) => [...new Set(missedBy(was, stacks).map(({ type }) => type))];

  expect(missing(emptied('observability', 'google_monitoring_notification_channel'))).toEqual([
    'google_monitoring_notification_channel',
  ]);
  expect(missing(emptied('network', 'google_compute_global_address'))).toEqual([
    'google_compute_global_address',
  ]);
  expect(missing(emptied('data', 'google_secret_manager_secret_iam_member'))).toEqual([
    'google_secret_manager_secret_iam_member',
  ]);
});

function stacksOf(changes: Changes): Stacks {
  return synthEnvironment(aCatalogue(changes).environments[0]!);
}

interface Missed {
  readonly type: string;
  readonly text: string;
}

function missedBy(was: Stacks, is: Stacks): Missed[] {
  return Object.entries(EARLIER).flatMap(([later, earlier]) => {
    const text = JSON.stringify(was.get(`test-${later}`));
    return earlier.flatMap((stack) =>
      removedFrom(was.get(`test-${stack}`), is.get(`test-${stack}`)).flatMap(({ type, id, values }) => {
        const named = namesOf(type, id, values).find((name) => isNamed(text, name));
        return named === undefined
          ? []
          : [{ type, text: `${later} names '${named}' of ${stack} ${type}.${id}` }];
      }),
    );
  });
}

interface Removed {
  readonly type: string;
  readonly id: string;
  readonly values: Record<string, unknown>;
}

function removedFrom(was: StackJson | undefined, is: StackJson | undefined): Removed[] {
  const moved = new Set(
    ((is as any)?.moved ?? [])
      .filter(({ to }: { to: string }) => isIn(is, to))
      .map(({ from }: { from: string }) => from),
  );
  return Object.entries(was?.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources)
      .filter(([id]) => !isIn(is, `${type}.${id}`) && !moved.has(`${type}.${id}`))
      .map(([id, values]) => ({ type, id, values })),
  );
}

function isIn(stack: StackJson | undefined, address: string): boolean {
  const [type = '', id = ''] = address.split('.');
  return stack?.resource?.[type]?.[id] !== undefined;
}

/** Names by which a later stack can refer to the resource; for a grant, the workload that holds it. */
function namesOf(type: string, id: string, values: Record<string, unknown>): string[] {
  const own = NAMING_ARGUMENTS.flatMap((argument) => {
    const value = values[argument];
    return typeof value === 'string' && !value.includes('${') ? [value] : [];
  });
  const member = typeof values['member'] === 'string' ? values['member'] : '';
  const [, workload] = /(?:\/sa\/|\/)([a-z0-9-]+)\]?$/.exec(member) ?? [];
  return [...own, `${OUTPUT}${type}_${id}_`, ...(workload === undefined ? [] : [workload])];
}

/** As a whole word: a name may be part of a longer one. */
function isNamed(text: string, name: string): boolean {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const end = name.startsWith(OUTPUT) ? '' : '(?![\\w-])';
  return new RegExp(`(?<![\\w-])${literal}${end}`).test(text);
}
