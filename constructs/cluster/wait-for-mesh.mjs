// Waits until the managed mesh of a cluster is active and its kinds are established, so that the next stack can be
// planned. Terraform returns many minutes earlier. The cluster stack runs it at apply.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const {
  CLUSTER_ENDPOINT,
  FLEET_API = 'https://gkehub.googleapis.com',
  MEMBERSHIP,
  PROJECT,
  POLL_SECONDS = '15',
  TIMEOUT_SECONDS = '2700',
} = process.env;

/** Definitions of every kind that later stacks use. A test compares the list with their objects. */
const CUSTOM_RESOURCES = [
  'authorizationpolicies.security.istio.io',
  'clusterpodmonitorings.monitoring.googleapis.com',
  'destinationrules.networking.istio.io',
  'gateways.gateway.networking.k8s.io',
  'gateways.networking.istio.io',
  'gcpbackendpolicies.networking.gke.io',
  'gcpgatewaypolicies.networking.gke.io',
  'healthcheckpolicies.networking.gke.io',
  'httproutes.gateway.networking.k8s.io',
  'peerauthentications.security.istio.io',
  'requestauthentications.security.istio.io',
  'secretproviderclasses.secrets-store.csi.x-k8s.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'telemetries.telemetry.istio.io',
  'virtualservices.networking.istio.io',
];

/** A new token for each poll: one could expire during the wait. */
function accessToken() {
  const token = process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
  if (token) return token;
  try {
    return execFileSync('gcloud', ['auth', 'print-access-token'], { encoding: 'utf8' }).trim();
  } catch {
    fail('no Google credentials: install gcloud and log in, or set GOOGLE_OAUTH_ACCESS_TOKEN');
  }
}

async function getJson(url, token) {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status === 401 || response.status === 403)
    fail(`${new URL(url).host} rejected the credentials (${response.status})`);
  return response.ok ? response.json() : undefined;
}

/** Why the mesh is not ready; empty if it is. */
async function pendingCondition() {
  const token = accessToken();
  const feature = await getJson(
    `${FLEET_API}/v1/projects/${PROJECT}/locations/global/features/servicemesh`,
    token,
  );
  const states = Object.entries(feature?.membershipStates ?? {});
  const [, state] = states.find(([name]) => name.endsWith(`/${MEMBERSHIP}`)) ?? [];
  const controlPlane = state?.servicemesh?.controlPlaneManagement?.state ?? 'unknown';
  const dataPlane = state?.servicemesh?.dataPlaneManagement?.state ?? 'unknown';
  if (controlPlane !== 'ACTIVE') return `control plane is ${controlPlane}`;
  if (dataPlane !== 'ACTIVE') return `data plane is ${dataPlane}`;

  const namespace = await getJson(`${CLUSTER_ENDPOINT}/api/v1/namespaces/istio-system`, token);
  if (namespace === undefined) return 'namespace istio-system does not exist';
  for (const name of CUSTOM_RESOURCES) {
    const url = `${CLUSTER_ENDPOINT}/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    const conditions = (await getJson(url, token))?.status?.conditions ?? [];
    const established = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
    if (!established) return `custom resource ${name} is not established`;
  }
  return '';
}

function fail(message) {
  console.error(`mesh of ${PROJECT}: ${message}`);
  process.exit(1);
}

const deadline = Date.now() + Number(TIMEOUT_SECONDS) * 1_000;
let last;
for (;;) {
  const pending = await pendingCondition().catch(
    (error) => `not reachable (${error.cause?.code ?? error.message})`,
  );
  if (pending === '') break;
  if (pending !== last) console.log(`waiting for the mesh: ${pending}`);
  last = pending;
  if (Date.now() > deadline)
    fail(`not ready after ${TIMEOUT_SECONDS} s: ${pending}; see 'gcloud container fleet mesh describe'`);
  await sleep(Number(POLL_SECONDS) * 1_000);
}
console.log('the mesh is ready');
