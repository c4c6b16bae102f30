/** What becomes of the new versions, and what has to become of their releases. */
import type { Behaviour } from '../mesh-lab/mesh/backends';
import type { Mesh } from '../mesh-lab/mesh/mesh';

export interface Scenario {
  readonly name: string;
  /** Services whose canaries take part; the first is the one that visitors call. */
  readonly canaries: readonly [string, ...string[]];
  /** What the guard has to do to the release of each of them. */
  readonly outcomes: Readonly<Record<string, 'rollback' | 'pause' | 'nothing'>>;
  /** How the applications work together. @default each answers by itself */
  readonly wire?: (mesh: Mesh) => void;
  /** From here on something is wrong. */
  readonly inject: (mesh: Mesh) => void;
}

/** Slower than the promise of 300 ms. */
const SLOW_MS = 600;
/** One in five requests of the visitors goes here. */
const FAILING_PATH = '/checkout/5';
/** An answer that no proxy tries again, unlike 502 to 504. */
const BROKEN = { status: 500 };

const CART = { sound: '/carts/1', poisonous: '/carts/poison' };

export const SCENARIOS: readonly Scenario[] = [
  alone('every request fails', () => ({ status: 503 })),
  alone(`every request takes ${SLOW_MS} ms`, () => ({ delayMs: SLOW_MS })),
  alone('one path fails, a fifth of the requests', ({ path }) =>
    path === FAILING_PATH ? { status: 503 } : {},
  ),
  { ...alone('nothing is wrong', () => ({})), outcomes: { checkout: 'nothing' } },
  {
    name: 'both versions of checkout call cart, whose v2 fails',
    canaries: ['checkout', 'cart'],
    outcomes: { checkout: 'pause', cart: 'rollback' },
    wire: (mesh) => {
      for (const version of ['v1', 'v2']) callCart(mesh, `checkout-${version}`, CART.sound);
    },
    inject: ({ backends }) => void backends.behave('cart-v2', () => BROKEN),
  },
  {
    name: 'v2 of checkout asks both versions of cart for what they fail at',
    canaries: ['checkout', 'cart'],
    outcomes: { checkout: 'rollback', cart: 'pause' },
    wire: (mesh) => {
      for (const version of ['v1', 'v2']) {
        callCart(mesh, `checkout-${version}`, CART.sound);
        mesh.backends.behave(`cart-${version}`, ({ path }) => (path === CART.poisonous ? BROKEN : undefined));
      }
    },
    inject: (mesh) => callCart(mesh, 'checkout-v2', CART.poisonous),
  },
];

function alone(name: string, behaviour: Behaviour): Scenario {
  return {
    name: `v2 of checkout: ${name}`,
    canaries: ['checkout'],
    outcomes: { checkout: 'rollback' },
    inject: ({ backends }) => void backends.behave('checkout-v2', behaviour),
  };
}

/** The application asks cart through its proxy, and fails if cart does. */
function callCart(mesh: Mesh, workload: string, path: string): void {
  const host = mesh.environment.services.find(({ name }) => name === 'cart')?.host ?? '';
  mesh.backends.behave(workload, async () => {
    const { status } = await mesh.from(workload).send({ host, path });
    return status === 200 ? {} : BROKEN;
  });
}
