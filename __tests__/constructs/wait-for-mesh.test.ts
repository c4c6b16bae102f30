import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers as the fleet API and the API server do; what is there changes from one round to the next. */
interface World {
  readonly controlPlane: string;
  readonly dataPlane: string;
  readonly established: boolean;
  readonly status: number;
}

let server: Server;
let world: World;
let rounds: number;

beforeEach(async () => {
  world = { controlPlane: 'ACTIVE', dataPlane: 'ACTIVE', established: true, status: 200 };
  rounds = 0;
  server = createServer((request, response) => {
    response.writeHead(world.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

function answer(path: string): unknown {
  if (path.includes('/features/servicemesh')) {
    rounds += 1;
    if (rounds === 3) world = { ...world, controlPlane: 'ACTIVE', established: true };
    const state = {
      controlPlaneManagement: { state: world.controlPlane },
      dataPlaneManagement: { state: world.dataPlane },
    };
    return {
      membershipStates: { 'projects/1/locations/europe-west1/memberships/shop-mesh': { servicemesh: state } },
    };
  }
  if (path.includes('/namespaces/')) return { kind: 'Namespace' };
  return { status: { conditions: [{ type: 'Established', status: world.established ? 'True' : 'False' }] } };
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

test('a ready mesh ends the wait', async () => {
  expect(await waitForMesh()).toEqual({ status: 0, output: 'the mesh is ready\n' });
});

test('waits for a control plane that comes late', async () => {
  world = { ...world, controlPlane: 'PROVISIONING' };
  expect(await waitForMesh()).toEqual({
    status: 0,
    output: 'waiting for the mesh: control plane is PROVISIONING\nthe mesh is ready\n',
  });
});

test('waits for kinds that come late', async () => {
  world = { ...world, established: false };
  const { status, output } = await waitForMesh();
  expect(status).toBe(0);
  expect(output).toContain(
    'waiting for the mesh: custom resource authorizationpolicies.security.istio.io is not established',
  );
});

test('fails with what is missing when time is up', async () => {
  world = { ...world, dataPlane: 'DEGRADED' };
  const { status, output } = await waitForMesh({ TIMEOUT_SECONDS: '0.5' });
  expect(status).toBe(1);
  expect(output).toContain(
    "mesh of shop-test: not ready after 0.5 s: data plane is DEGRADED; see 'gcloud container fleet mesh describe'",
  );
});

test('fails at once when the credentials are refused', async () => {
  world = { ...world, status: 403 };
  const { status, output } = await waitForMesh();
  expect(status).toBe(1);
  expect(output).toMatch(/^mesh of shop-test: 127\.0\.0\.1:\d+ refuses these credentials \(403\)\n$/);
});

test('fails with a sentence when nobody is logged in', async () => {
  const { status, output } = await waitForMesh({
    GOOGLE_OAUTH_ACCESS_TOKEN: '',
    PATH: 'nowhere',
  });
  expect([status, output]).toEqual([
    1,
    'mesh of shop-test: no Google credentials: install gcloud and log in, or set GOOGLE_OAUTH_ACCESS_TOKEN\n',
  ]);
});
