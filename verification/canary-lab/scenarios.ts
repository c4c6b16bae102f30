/** How a new version fails, and what must happen to its release. */
import type { Behaviour } from '../mesh-lab/mesh/backends';
import type { Mesh } from '../mesh-lab/mesh/mesh';

export interface Scenario {
  readonly name: string;
  /** Services with a canary in the scenario. Clients call the first. */
  readonly canaries: readonly [string, ...string[]];
  /** Expected action of the rollback controller for each service. */
  readonly outcomes: Readonly<Record<string, 'rollback' | 'pause' | 'nothing'>>;
  /** Makes applications call each other. @default each responds without a call */
  readonly wire?: (mesh: Mesh) => void;
  /** Injects the fault. */
  readonly inject: (mesh: Mesh) => void;
}

/** Above the latency objective of 300 ms. */
const SLOW_MS = 600;
/** One in five requests of the clients goes here. */
const FAILING_PATH = '/checkout/5';
/** A status that proxies do not retry, unlike 502 to 504. */
const FAILURE = { status: 500 };

const CART = { healthyPath: '/carts/1', failingPath: '/carts/failing' };

export const SCENARIOS: readonly Scenario[] = [
  failing('every request fails', () => ({ status: 503 })),
  failing(`every request takes ${SLOW_MS} ms`, () => ({ delayMs: SLOW_MS })),
  failing('one path fails, a fifth of the requests', ({ path }) =>
    path === FAILING_PATH ? { status: 503 } : {},
  ),
  { ...failing('nothing fails', () => ({})), outcomes: { checkout: 'nothing' } },
  {
    name: 'both versions of checkout call cart, whose v2 fails',
    canaries: ['checkout', 'cart'],
    outcomes: { checkout: 'pause', cart: 'rollback' },
    wire: (mesh) => {
      for (const version of ['v1', 'v2']) callCart(mesh, `checkout-${version}`, CART.healthyPath);
    },
    inject: ({ backends }) => void backends.behave('cart-v2', () => FAILURE),
  },
  {
    name: 'v2 of checkout sends requests to cart that both its versions fail',
    canaries: ['checkout', 'cart'],
    outcomes: { checkout: 'rollback', cart: 'pause' },
    wire: (mesh) => {
      for (const version of ['v1', 'v2']) {
        callCart(mesh, `checkout-${version}`, CART.healthyPath);
        mesh.backends.behave(`cart-${version}`, ({ path }) =>
          path === CART.failingPath ? FAILURE : undefined,
        );
      }
    },
    inject: (mesh) => callCart(mesh, 'checkout-v2', CART.failingPath),
  },
];

function failing(name: string, behaviour: Behaviour): Scenario {
  return {
    name: `v2 of checkout: ${name}`,
    canaries: ['checkout'],
    outcomes: { checkout: 'rollback' },
    inject: ({ backends }) => void backends.behave('checkout-v2', behaviour),
  };
}

/** Makes the application call cart through its proxy, and fail if cart fails. */
function callCart(mesh: Mesh, workload: string, path: string): void {
  const host = mesh.environment.services.find(({ name }) => name === 'cart')?.host ?? '';
  mesh.backends.behave(workload, async () => {
    const { status } = await mesh.from(workload).send({ host, path });
    return status === 200 ? {} : FAILURE;
  });
}
