import type { OrdinaryEdit } from '../edit';

/** Checkout answers within 6 s, so a slower payment would outlive its caller. */
export const INVALID_TIMEOUT: OrdinaryEdit = {
  name: 'give payment more time than its caller has',
  files: ['services/payment.yaml'],
  apply: (catalogue) => catalogue.set('services/payment.yaml', ['timeoutMs'], 9_000),
  refused: [
    /services\/checkout\.yaml:\d+:\d+: calls\[1\]\.service: 'payment' may take 9000 ms.* \[RES-004\]$/,
  ],
};
