import { edited } from '../catalogue-fixture';
import { CART, type Changes, type RuleCase } from './rule-case';

const canary = (words: string): Changes => edited(CART, 'stepsPercent', `${words}, stepsPercent`);
const inTime = (targetPercent: number): Changes =>
  edited(
    CART,
    'slos: {',
    `slos: { latency: { targetPercent: ${targetPercent}, thresholdMs: 300 },`,
    // Nobody is woken by such a promise, which is no fault of a best-effort service.
    edited(CART, 'tier: critical', 'tier: best-effort'),
  );

export const CANARY_CASES: readonly RuleCase[] = [
  {
    rule: 'CAN-001',
    breaks: canary('longestBakeMinutes: 156'),
    finding:
      'services/cart.yaml:13:67: canary.stepsPercent[0]: 25 % of 5 requests/s takes 157 min to bring the 11408 that availability needs, longer than longestBakeMinutes 156; begin at 26 %, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes [CAN-001]',
    inside: canary('longestBakeMinutes: 157'),
  },
  {
    rule: 'CAN-002',
    breaks: inTime(66),
    finding:
      'services/cart.yaml:12:35: slos.latency.targetPercent: 66 % allows so many bad requests that half of them bad is only 1.5 times the budget; use at least 67, or take the canary out [CAN-002]',
    inside: inTime(67),
  },
  {
    rule: 'CAN-003',
    breaks: canary('detection: { fastFactor: 8, fastFailedRequests: 7 }'),
    finding:
      "services/cart.yaml:13:72: canary.detection.fastFailedRequests: 7 bad requests in 5 min come by chance in up to 0.17 % of the steps at 50 %; 0.025 % is this detector's part of falseRollbackPercent; use at least 8 [CAN-003]",
    inside: canary('detection: { fastFactor: 8, fastFailedRequests: 8 }'),
  },
  {
    rule: 'CAN-004',
    breaks: canary('detection: { fastFailedRequests: 376 }'),
    finding:
      'services/cart.yaml:13:79: canary.stepsPercent[0]: 25 % brings 375 requests in fastWindowMinutes 5, fewer than fastFailedRequests 376; begin at 26 %, or use fastWindowMinutes 6 [CAN-004]',
    inside: canary('detection: { fastFailedRequests: 375 }'),
  },
  {
    rule: 'CAN-005',
    breaks: canary('detection: { fastFactor: 4.9, fastFailedRequests: 20 }'),
    finding:
      'services/cart.yaml:13:52: canary.detection.fastFactor: 4.9 is below smallestMultiple 5; raise canary.detection.fastFactor [CAN-005]',
    inside: canary('detection: { fastFactor: 5, fastFailedRequests: 20 }'),
  },
];
