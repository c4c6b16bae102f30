import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { objectsOf, synthEnvironment } from '../support/synth';

/** State of the fake fleet API and API server. */
interface MeshState {
  readonly controlPlane: string;
  readonly dataPlane: string;
  readonly established: boolean;
  readonly status: number;
}

let server: Server;
let state: MeshState;
let polls: number;

beforeEach(async () => {
  state = { controlPlane: 'ACTIVE', dataPlane: 'ACTIVE', established: true, status: 200 };
  polls = 0;
  server = createServer((request, response) => {
    response.writeHead(state.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(respond(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

function respond(path: string): unknown {
  if (path.includes('/features/servicemesh')) {
    polls += 1;
    if (polls === 3) state = { ...state, controlPlane: 'ACTIVE', established: true };
    const membershipState = {
      controlPlaneManagement: { state: state.controlPlane },
      dataPlaneManagement: { state: state.dataPlane },
    };
    return {
      membershipStates: {
        'projects/1/locations/europe-west1/memberships/shop-mesh': { servicemesh: membershipState },
      },
    };
  }
  if (path.includes('/namespaces/')) return { kind: 'Namespace' };
  return { status: { conditions: [{ type: 'Established', status: state.established ? 'True' : 'False' }] } };
}

function waitForMesh(env: Record<string, string> = {}): Promise<{ status: number | null; output: string }> {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ['constructs/cluster/wait-for-mesh.mjs'], {
    env: {
      PATH: process.env['PATH'],
      PROJECT: 'shop-test',
      MEMBERSHIP: 'shop-mesh',
      FLEET_API: origin,
      CLUSTER_ENDPOINT: origin,
      GOOGLE_OAUTH_ACCESS_TOKEN: 'test-token',
      POLL_SECONDS: '0.05',
      TIMEOUT_SECONDS: '60',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output })));
}

jest.setTimeout(60_000);

/** Long enough for a busy machine. */
const LONG_TIMEOUT = { TIMEOUT_SECONDS: '60' };

test('ends if the mesh is ready', async () => {
  expect(await waitForMesh()).toEqual({ status: 0, output: 'the mesh is ready\n' });
});

test('waits for the control plane', async () => {
  state = { ...state, controlPlane: 'PROVISIONING' };
  expect(await waitForMesh(LONG_TIMEOUT)).toEqual({
    status: 0,
    output: 'waiting for the mesh: control plane is PROVISIONING\nthe mesh is ready\n',
  });
});

test('waits for custom resource definitions', async () => {
  state = { ...state, established: false };
  const { status, output } = await waitForMesh(LONG_TIMEOUT);
  expect(status).toBe(0);
  expect(output).toContain(
    'waiting for the mesh: custom resource authorizationpolicies.security.istio.io is not established',
  );
});

test('fails after the timeout with the missing condition', async () => {
  state = { ...state, dataPlane: 'DEGRADED' };
  const { status, output } = await waitForMesh({ TIMEOUT_SECONDS: '0.5' });
  expect(status).toBe(1);
  expect(output).toContain(
    "mesh of shop-test: not ready after 0.5 s: data plane is DEGRADED; see 'gcloud container fleet mesh describe'",
  );
});

test('fails immediately if the credentials are rejected', async () => {
  state = { ...state, status: 403 };
  const { status, output } = await waitForMesh();
  expect(status).toBe(1);
  expect(output).toMatch(/^mesh of shop-test: 127\.0\.0\.1:\d+ rejected the credentials \(403\)\n$/);
});

test('fails with a message without credentials', async () => {
  const { status, output } = await waitForMesh({
    GOOGLE_OAUTH_ACCESS_TOKEN: '',
    PATH: 'nowhere',
  });
  expect([status, output]).toEqual([
    1,
    'mesh of shop-test: no Google credentials: install gcloud and log in, or set GOOGLE_OAUTH_ACCESS_TOKEN\n',
  ]);
});

test('waits for the definition of every custom kind of a later stack', () => {
  const script = readFileSync('constructs/cluster/wait-for-mesh.mjs', 'utf8');
  const [, list = ''] = /const CUSTOM_RESOURCES = \[([^\]]*)\]/.exec(script) ?? [];
  const waitedFor = [...list.matchAll(/'(.+)'/g)].map(([, name]) => name);

  expect(waitedFor).toEqual(customResources());
});

/** `httproutes.gateway.networking.k8s.io` for each kind outside of Kubernetes' own groups. */
function customResources(): string[] {
  // A token for pages and a database: the catalogue then has every kind.
  const route = '{ host: web, methods: [GET], paths: [/, /*], jwt: none }';
  const catalogue = aCatalogue({
    ...edited('services/web.yaml', route, route.replace('none', 'required')),
    ...edited('services/stock.yaml', 'timeoutMs', 'database: true\ntimeoutMs'),
  });
  const stacks = synthEnvironment(catalogue.environments[0]!);
  const objects = [...stacks.values()].flatMap((stack) => [...objectsOf(stack).values()]);
  const names = objects.flatMap(({ apiVersion, kind }) => {
    const group = apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/')));
    const isBuiltIn =
      !group.includes('.') ||
      /(^|\.)(rbac\.authorization|networking|admissionregistration)\.k8s\.io$/.test(group);
    return isBuiltIn && group !== 'gateway.networking.k8s.io'
      ? []
      : [`${plural(kind.toLowerCase())}.${group}`];
  });
  return [...new Set(names)].sort();
}

function plural(kind: string): string {
  if (/[^aeiou]y$/.test(kind)) return kind.replace(/y$/, 'ies');
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}
