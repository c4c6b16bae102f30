import { RolePermissions } from '../../../verification/cloud-lab/server/permissions';
import { FaultPlan, faultResponse } from '../../../verification/cloud-lab/server/faults';
import { staleStacks } from '../../../verification/cloud-lab/transcript/judge';

test('a fault hits each different request so often, and no other', () => {
  const plan = new FaultPlan([{ kind: 'error-500', matches: (verb) => verb === 'POST', times: 2 }]);
  const hits = ['/a', '/a', '/a', '/b'].map((target) => plan.next('POST', 'x.googleapis.com', target));

  expect(hits).toEqual(['error-500', 'error-500', undefined, 'error-500']);
  expect(plan.next('GET', 'x.googleapis.com', '/a')).toBeUndefined();
  expect(plan.injected).toBe(3);
});

test.each([
  ['error-500', 500],
  ['conflict-409', 409],
  ['rate-limit-429', 429],
  ['unauthorized-401', 401],
] as const)('%s is an error response of Google', (kind, status) => {
  expect(faultResponse(kind)).toMatchObject({ status, body: { error: { code: status } } });
});

test('a stack is stale if its JSON differs, is new or is gone', () => {
  const transcript = {
    environment: 'dev',
    recordedAt: '',
    project: {} as any,
    requests: [],
    stacks: { a: '1', b: '1', c: '1' },
  };

  expect(staleStacks(transcript, { a: '1', b: '2', d: '1' })).toEqual(['b', 'c', 'd']);
});

describe('permissions', () => {
  const tables = {
    methods: {
      'dns.zones.get': ['dns.zones.get'],
      'dns.zones.create': ['dns.zones.create', 'dns.networks.bind'],
    },
    roles: {
      'roles/dns.reader': ['dns.zones.get'],
      'roles/dns.admin': ['dns.zones.get', 'dns.zones.create'],
    },
  };
  const custom = new Map([['projects/p/roles/binder', ['dns.networks.bind']]]);
  const permissions = new RolePermissions(
    tables,
    new Map([
      ['plan', ['roles/dns.reader']],
      ['apply', ['roles/dns.admin', 'projects/p/roles/binder']],
    ]),
    custom,
  );

  test('are those of the roles of the account', () => {
    expect(() => permissions.require('plan', 'dns.zones.get', 'z')).not.toThrow();
    expect(() => permissions.require('apply', 'dns.zones.create', 'z')).not.toThrow();
    expect(() => permissions.require('plan', 'dns.zones.create', 'z')).toThrow(
      "plan lacks dns.zones.create, dns.networks.bind on 'z'",
    );
    expect(() => permissions.require('nobody', 'dns.zones.get', 'z')).toThrow('nobody lacks dns.zones.get');
  });

  test('of a method that the table does not have are an error of the lab', () => {
    expect(() => permissions.require('apply', 'dns.zones.move', 'z')).toThrow('no permission is known');
  });
});
