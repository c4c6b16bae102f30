import { detect } from '../../../model/slo/detection';
import {
  expectedFalseAlarms,
  responsesNeeded,
  failedRequestsNeeded,
  falseAlarms,
  planBurnRateAlerts,
  type ServiceLevel,
} from '../../../model/slo/burn-rate-alerts';

const strict: ServiceLevel = { targetPercent: 99.9, windowDays: 28, requestsPerSecond: 20 };
const lenient: ServiceLevel = { targetPercent: 95, windowDays: 28, requestsPerSecond: 20 };

const shapes = (slo: ServiceLevel) =>
  planBurnRateAlerts(slo).burnRateAlerts.map(({ severity, longMinutes, factor, failureRatio }) => ({
    severity,
    longMinutes,
    factor,
    failureRatio,
  }));

describe('factors are computed from budget share, period and window', () => {
  // 28 days are 40,320 minutes. 2 % of the budget in 60: 0.02 × 40,320 / 60 = 13.44. 5 % in 360: 5.6.
  // 10 % in 4,320: 0.9333. The budget is 0.1 % of the requests.
  test('over 28 days', () => {
    expect(shapes(strict)).toEqual([
      { severity: 'page', longMinutes: 60, factor: 13.44, failureRatio: 0.01344 },
      { severity: 'page', longMinutes: 360, factor: 5.6, failureRatio: 0.0056 },
      { severity: 'ticket', longMinutes: 4_320, factor: 0.933333, failureRatio: 0.000933333 },
    ]);
  });

  test("over 30 days they equal the workbook's 14.4, 6 and 1", () => {
    expect(shapes({ ...strict, windowDays: 30 }).map(({ factor }) => factor)).toEqual([14.4, 6, 1]);
  });
});

describe('an alert that cannot fire is adjusted, or dropped with a reason', () => {
  // At 95 % a factor of 13.44 needs 67.2 % failed requests. 50 % are 10 × the budget of 5 %, and spend 10 × 60 / 40,320.
  test('the first page of a lenient target fires at 50 % failed requests', () => {
    const [first] = planBurnRateAlerts(lenient).burnRateAlerts;

    expect(first).toMatchObject({ factor: 10, failureRatio: 0.5, budgetShare: 0.014881 });
    expect(first?.adjustment).toBe('lowered from 67.2 %, which few outages reach');
  });

  // Both pages at 50 %: the one over 1 h always fires first.
  test('of two alerts with the same failure ratio the later one is dropped', () => {
    expect(planBurnRateAlerts({ ...lenient, targetPercent: 90 }).dropped).toEqual([
      expect.objectContaining({
        severity: 'page',
        longMinutes: 360,
        reason: 'never fires before the alert over 1 h',
      }),
    ]);
  });

  // 13.44 × 30 % = 403 %. 50 % are 1.67 × a budget of 30 %, which lasts 17 days: no page.
  test('a very lenient target has a ticket only', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({ ...lenient, targetPercent: 70 });

    expect(burnRateAlerts.map(({ severity, failureRatio }) => [severity, failureRatio])).toEqual([
      ['ticket', 0.28],
    ]);
    expect(dropped[0]?.reason).toBe('it would need 403 % failed requests; 50 % is a burn rate of only 1.67');
  });

  // 0.001 requests/s are 3.6 in 1 h, below the floor of 6, and 21.6 in 6 h, more than twice the floor of 8.
  test('with few requests only the longer windows remain', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({ ...strict, requestsPerSecond: 0.001 });

    expect(burnRateAlerts.map(({ longMinutes }) => longMinutes)).toEqual([360, 4_320]);
    expect(dropped[0]?.reason).toBe('it would need 6 failed requests of the 3.6 in 1 h');
  });

  // At 99.9 % the page over 1 h fires at 1.344 %, which is 6 slow responses of 447; 180 arrive.
  test('latency alerts need enough responses, since no metric counts slow ones', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({
      ...strict,
      indicator: 'latency',
      requestsPerSecond: 0.05,
    });

    expect(burnRateAlerts).toEqual([]);
    expect(dropped.map(({ reason }) => reason)).toEqual([
      'slow responses have no counter, so it would need 447 responses for 6 slow ones, but only 180 arrive in 1 h',
      'slow responses have no counter, so it would need 1429 responses for 8 slow ones, but only 1080 arrive in 6 h',
      'slow responses have no counter, so it would need 19286 responses for 18 slow ones, but only 12960 arrive in 3 d',
    ]);
  });

  test('every planned alert fires if all requests are bad, at any rate', () => {
    for (const indicator of ['availability', 'latency'] as const)
      for (let requestsPerSecond = 0.0001; requestsPerSecond < 1_000; requestsPerSecond *= 1.3)
        for (const targetPercent of [99.9, 99.5, 99, 95, 90]) {
          const slo = { ...strict, indicator, targetPercent, requestsPerSecond };
          for (const burnRateAlert of planBurnRateAlerts(slo).burnRateAlerts) {
            const { longMinutes, floorFailedRequests, failureRatio } = burnRateAlert;
            const requests = requestsPerSecond * 60 * longMinutes;
            expect(detect(burnRateAlert, slo, 1)).toBeDefined();
            expect(requests).toBeGreaterThanOrEqual(
              indicator === 'latency'
                ? responsesNeeded(floorFailedRequests, failureRatio)
                : floorFailedRequests,
            );
          }
        }
  });

  // 7 days: 0.02 × 10,080 / 60 = 3.36; 0.05 × 10,080 / 360 = 1.4, raised to 3; 0.1 × 10,080 / 4,320 = 0.23, to 0.9.
  test('a short period does not lower the factors below the minimum', () => {
    expect(shapes({ ...strict, windowDays: 7 }).map(({ factor }) => factor)).toEqual([3.36, 3, 0.9]);
  });
});

describe('floors keep false alarms rare at any request rate', () => {
  // With m failures per window, an alarm at k starts when one failure follows k - 1 others: m × e^-m × m^(k-1) /
  // (k-1)! times the windows of a period. For k = 3, m = 0.5, 100 windows: 100 × 0.5 × 0.6065 × 0.25 / 2 = 3.79.
  test('expected false alarms of a healthy service', () => {
    expect(expectedFalseAlarms(3, 0.5, 100)).toBeCloseTo(3.79, 2);
  });

  test('the formula agrees with a simulation', () => {
    const [count, mean, windows] = [4, 1, 200_000];
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let [time, alarms] = [0, 0];
    const recent: number[] = [];
    while (time < windows) {
      time -= Math.log(random()) / mean;
      while (recent[0] !== undefined && recent[0] < time - 1) recent.shift();
      if (recent.length === count - 1) alarms += 1;
      recent.push(time);
    }
    expect(alarms / expectedFalseAlarms(count, mean, windows)).toBeCloseTo(1, 1);
  });

  // At the worst rate for a floor k, the page over 1 h has k / 13.44 healthy failures per hour, with 672 hours per
  // period. k = 6: m = 0.4464, 672 × 0.4464 × 0.6399 × 0.4464^5 / 120 = 0.028. k = 5: m = 0.372, 0.1375, above the
  // 0.1.
  test('the floor is the smallest one within the accepted false alarms', () => {
    expect(expectedFalseAlarms(6, 6 / 13.44, 672)).toBeCloseTo(0.028, 3);
    expect(expectedFalseAlarms(5, 5 / 13.44, 672)).toBeCloseTo(0.1375, 3);
    expect(
      planBurnRateAlerts(strict).burnRateAlerts.map(({ floorFailedRequests }) => floorFailedRequests),
    ).toEqual([6, 8, 18]);
  });

  test('no request rate causes more false alarms than accepted', () => {
    for (let requestsPerSecond = 0.0001; requestsPerSecond < 1_000; requestsPerSecond *= 1.3) {
      for (const targetPercent of [99.9, 99.5, 99, 95]) {
        const slo = { ...strict, targetPercent, requestsPerSecond };
        for (const burnRateAlert of planBurnRateAlerts(slo).burnRateAlerts)
          expect(falseAlarms(burnRateAlert, slo)).toBeLessThanOrEqual(
            burnRateAlert.severity === 'page' ? 0.1 : 1,
          );
      }
    }
  });

  // 0.03 requests/s are 7,776 in 3 d, of which a service with a burn rate of 0.5 fails 3.888. With a floor of 8 the
  // ticket fires 9.33 × 3.888 × e^-3.888 × 3.888^7 / 7! = 1.98 times per period, with 9 it fires 0.96 times.
  test('false alarms of a configured floor are computed at the expected rate', () => {
    const slo = (floorFailedRequests: number) => ({
      ...strict,
      requestsPerSecond: 0.03,
      floorFailedRequests,
    });
    const ticket = (floor: number) =>
      falseAlarms(planBurnRateAlerts(slo(floor)).burnRateAlerts[2]!, slo(floor));

    expect(ticket(8)).toBeCloseTo(1.98, 2);
    expect(ticket(9)).toBeCloseTo(0.96, 2);
  });
});

describe('detection time at the expected rate', () => {
  const table = (slo: ServiceLevel) =>
    planBurnRateAlerts(slo).burnRateAlerts.map((burnRateAlert) => [
      failedRequestsNeeded(burnRateAlert, slo),
      ...[1, 0.1, 0.01].map((ratio) => detect(burnRateAlert, slo, ratio)),
    ]);

  // 20/s are 72,000 requests in 1 h, and 968 exceed 1.344 %. With 100 % failed requests this takes 60 × 1.344 % = 0.8064
  // min, with 10 % ten times as long. 1 % is below 1.344 %, so the alert never fires. 2 % of the budget is spent by
  // design.
  test('of a strict target', () => {
    expect(table(strict)).toEqual([
      [968, { minutes: 0.8064, budgetSpent: 0.02 }, { minutes: 8.064, budgetSpent: 0.02 }, undefined],
      [
        2_420,
        { minutes: 2.016, budgetSpent: 0.05 },
        { minutes: 20.16, budgetSpent: 0.05 },
        { minutes: 201.6, budgetSpent: 0.05 },
      ],
      [
        4_839,
        { minutes: 4.032, budgetSpent: 0.1 },
        { minutes: 40.32, budgetSpent: 0.1 },
        { minutes: 403.2, budgetSpent: 0.1 },
      ],
    ]);
  });

  // Half of 72,000, plus one. 60 × 50 % = 30 min; 360 × 28 % = 100.8; 4,320 × 4.667 % = 201.6, ten times as long at
  // 10 %.
  test('of a lenient target, for which small outages never fire', () => {
    expect(table(lenient)).toEqual([
      [36_001, { minutes: 30, budgetSpent: 0.014881 }, undefined, undefined],
      [120_961, { minutes: 100.8, budgetSpent: 0.05 }, undefined, undefined],
      [241_921, { minutes: 201.6, budgetSpent: 0.1 }, { minutes: 2_016, budgetSpent: 0.1 }, undefined],
    ]);
  });

  // 0.05/s are 3 per minute. With 100 % failures the floors of 6, 8 and 18 take 2, 2.67 and 6 min. The budget of 28
  // days is 0.001 × 40,320 min, of which 2 min spend 2 / 40.32 = 4.96 %. At 1 % the 6 failures take 200 min, longer
  // than the window.
  test('of a service with low traffic, for which the floor decides', () => {
    const lowTraffic = { ...strict, requestsPerSecond: 0.05 };

    expect(table(lowTraffic)[0]).toEqual([
      6,
      { minutes: 2, budgetSpent: 0.0496032 },
      { minutes: 20, budgetSpent: 0.0496032 },
      undefined,
    ]);
    expect(table(lowTraffic)[2]?.[1]).toEqual({ minutes: 6, budgetSpent: 0.14881 });
  });
});
