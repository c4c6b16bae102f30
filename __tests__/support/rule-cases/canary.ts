import { edited } from '../catalogue-fixture';
import { CART, type Changes, type RuleCase } from './rule-case';

const canaryWith = (keys: string): Changes => edited(CART, 'stepsPercent', `${keys}, stepsPercent`);
const latencyTarget = (targetPercent: number): Changes =>
  edited(
    CART,
    'slos: {',
    `slos: { latency: { targetPercent: ${targetPercent}, thresholdMs: 300 },`,
    // Such a target allows no page, so the service must not be critical.
    edited(CART, 'tier: critical', 'tier: best-effort'),
  );

export const CANARY_CASES: readonly RuleCase[] = [
  {
    rule: 'CAN-001',
    breaks: canaryWith('longestBakeMinutes: 158'),
    finding:
      'services/cart.yaml:13:67: canary.stepsPercent[0]: 25 % of 5 requests/s takes 159 min for the 11408 requests that availability needs, longer than longestBakeMinutes 158; start at 26 %, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes [CAN-001]',
    inside: canaryWith('longestBakeMinutes: 159'),
  },
  {
    rule: 'CAN-002',
    breaks: latencyTarget(66),
    finding:
      'services/cart.yaml:12:35: slos.latency.targetPercent: with a target of 66 %, 50 % slow requests are a burn rate of only 1.5; use at least 67, or remove the canary policy [CAN-002]',
    inside: latencyTarget(67),
  },
  {
    rule: 'CAN-003',
    breaks: canaryWith('detection: { fastFactor: 8, fastFailedRequests: 7 }'),
    finding:
      "services/cart.yaml:13:75: canary.detection.fastFailedRequests: 7 failed or slow requests in 5 min occur by chance in up to 0.17 % of the steps at 50 %; this detector's share of falseRollbackPercent is 0.025 %; use at least 8 [CAN-003]",
    inside: canaryWith('detection: { fastFactor: 8, fastFailedRequests: 8 }'),
  },
  {
    rule: 'CAN-004',
    breaks: canaryWith('detection: { fastFailedRequests: 376 }'),
    finding:
      'services/cart.yaml:13:82: canary.stepsPercent[0]: 25 % of the traffic has 375 requests in fastWindowMinutes 5, fewer than fastFailedRequests 376; start at 26 %, or use fastWindowMinutes 6 [CAN-004]',
    inside: canaryWith('detection: { fastFailedRequests: 375 }'),
  },
  {
    rule: 'CAN-005',
    breaks: canaryWith('detection: { fastFactor: 4.9, fastFailedRequests: 20 }'),
    finding:
      'services/cart.yaml:13:52: canary.detection.fastFactor: 4.9 is below smallestMultiple 5; raise canary.detection.fastFactor [CAN-005]',
    inside: canaryWith('detection: { fastFactor: 5, fastFailedRequests: 20 }'),
  },
];
