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
    ...{ severity, longMinutes, factor, failureRatio },
  }));

describe('factors follow from budget share, period and window', () => {
  // 28 days are 40,320 minutes. 2 % of the budget in 60: 0.02 × 40,320 / 60 = 13.44. 5 % in 360: 5.6.
  // 10 % in 4,320: 0.9333. The budget is 0.1 % of the requests.
  test('over 28 days', () => {
    expect(shapes(strict)).toEqual([
      { severity: 'page', longMinutes: 60, factor: 13.44, failureRatio: 0.01344 },
      { severity: 'page', longMinutes: 360, factor: 5.6, failureRatio: 0.0056 },
      { severity: 'ticket', longMinutes: 4_320, factor: 0.933333, failureRatio: 0.000933333 },
    ]);
  });

  test("over 30 days they are the workbook's 14.4, 6 and 1", () => {
    expect(shapes({ ...strict, windowDays: 30 }).map(({ factor }) => factor)).toEqual([14.4, 6, 1]);
  });
});

describe('a tier that cannot fire is replaced, or dropped and explained', () => {
  // At 95 % a factor of 13.44 would need 67.2 % bad; 50 % are 10 × the budget of 5 %, and 10 × 60 / 40,320 of it.
  test('the first page of a lenient target fires at half of the requests', () => {
    const [first] = planBurnRateAlerts(lenient).burnRateAlerts;

    expect(first).toMatchObject({ factor: 10, failureRatio: 0.5, budgetShare: 0.014881 });
    expect(first?.adjustment).toBe('instead of 67.2 %, which few outages reach');
  });

  // Both pages at 50 %: the one over 1 h is always first.
  test('two tiers at one share are one', () => {
    expect(planBurnRateAlerts({ ...lenient, targetPercent: 90 }).dropped).toEqual([
      expect.objectContaining({
        severity: 'page',
        longMinutes: 360,
        reason: 'fires no earlier than the one over 1 h',
      }),
    ]);
  });

  // 13.44 × 30 % = 403 %. Half of the requests are 1.67 × a budget of 30 %: used up in 17 days, which can wait.
  test('a very lenient target is a ticket', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({ ...lenient, targetPercent: 70 });

    expect(burnRateAlerts.map(({ severity, failureRatio }) => [severity, failureRatio])).toEqual([
      ['ticket', 0.28],
    ]);
    expect(dropped[0]?.reason).toBe(
      '403 % of the requests would have to be bad; 50 % burn the budget only 1.67 times too fast',
    );
  });

  // 0.001 requests/s are 3.6 in an hour, of which the floor of 6 cannot be half; 21.6 in 6 h hold its 8 twice over.
  test('too few requests leave the longer windows', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({ ...strict, requestsPerSecond: 0.001 });

    expect(burnRateAlerts.map(({ longMinutes }) => longMinutes)).toEqual([360, 4_320]);
    expect(dropped[0]?.reason).toBe('6 of the 3.6 requests in 1 h would have to be bad');
  });

  // At 99.9 % the page over 1 h fires at 1.344 %, and 6 slow answers are sure to be among 447; 180 come.
  test('of latency, whose slow answers are not counted, longer windows need more', () => {
    const { burnRateAlerts, dropped } = planBurnRateAlerts({
      ...strict,
      indicator: 'latency',
      requestsPerSecond: 0.05,
    });

    expect(burnRateAlerts).toEqual([]);
    expect(dropped.map(({ reason }) => reason)).toEqual([
      'slow answers are not counted, so 447 answers would have to be there for 6 slow ones, and 1 h bring 180',
      'slow answers are not counted, so 1429 answers would have to be there for 8 slow ones, and 6 h bring 1080',
      'slow answers are not counted, so 19286 answers would have to be there for 18 slow ones, and 3 d bring 12960',
    ]);
  });

  test('a tier that is kept fires if everything is bad, at every rate', () => {
    for (const indicator of ['availability', 'latency'] as const)
      for (let requestsPerSecond = 0.0001; requestsPerSecond < 1_000; requestsPerSecond *= 1.3)
        for (const targetPercent of [99.9, 99.5, 99, 95, 90]) {
          const slo = { ...strict, indicator, targetPercent, requestsPerSecond };
          for (const burnRateAlert of planBurnRateAlerts(slo).burnRateAlerts) {
            const { longMinutes, floorFailedRequests, failureRatio } = burnRateAlert;
            const arrive = requestsPerSecond * 60 * longMinutes;
            expect(detect(burnRateAlert, slo, 1)).toBeDefined();
            expect(arrive).toBeGreaterThanOrEqual(
              indicator === 'latency'
                ? responsesNeeded(floorFailedRequests, failureRatio)
                : floorFailedRequests,
            );
          }
        }
  });

  // 7 days: 0.02 × 10,080 / 60 = 3.36; 0.05 × 10,080 / 360 = 1.4, raised to 3; 0.1 × 10,080 / 4,320 = 0.23, to 0.9.
  test('a short period makes no alert of a burn that nobody would act on', () => {
    expect(shapes({ ...strict, windowDays: 7 }).map(({ factor }) => factor)).toEqual([3.36, 3, 0.9]);
  });
});

describe('floors keep false alarms rare at every rate', () => {
  // Arrivals at rate m a window begin an alarm at k when one comes to k - 1 others: m × e^-m × m^(k-1) / (k-1)!
  // times the windows of a period. For k = 3, m = 0.5, 100 windows: 100 × 0.5 × 0.6065 × 0.25 / 2 = 3.79.
  test('a healthy service raises an alarm as often as its failures happen to bunch', () => {
    expect(expectedFalseAlarms(3, 0.5, 100)).toBeCloseTo(3.79, 2);
  });

  test('the formula is what a simulated service does', () => {
    const [count, mean, windows] = [4, 1, 200_000];
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let [time, begun] = [0, 0];
    const recent: number[] = [];
    while (time < windows) {
      time -= Math.log(random()) / mean;
      while (recent[0] !== undefined && recent[0] < time - 1) recent.shift();
      if (recent.length === count - 1) begun += 1;
      recent.push(time);
    }
    expect(begun / expectedFalseAlarms(count, mean, windows)).toBeCloseTo(1, 1);
  });

  // The worst rate for a floor k of the page over 1 h has k / 13.44 healthy failures in an hour, 672 hours a period.
  // k = 6: m = 0.4464, 672 × 0.4464 × 0.6399 × 0.4464^5 / 120 = 0.028. k = 5: m = 0.372, 0.1375, above the 0.1.
  test('the floor is the smallest that does', () => {
    expect(expectedFalseAlarms(6, 6 / 13.44, 672)).toBeCloseTo(0.028, 3);
    expect(expectedFalseAlarms(5, 5 / 13.44, 672)).toBeCloseTo(0.1375, 3);
    expect(
      planBurnRateAlerts(strict).burnRateAlerts.map(({ floorFailedRequests }) => floorFailedRequests),
    ).toEqual([6, 8, 18]);
  });

  test('no rate of requests gives more false alarms than are accepted', () => {
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

  // 0.03 requests/s are 7,776 in 3 d, of which a service at half of its budget fails 3.888. With 8 the ticket begins
  // 9.33 × 3.888 × e^-3.888 × 3.888^7 / 7! = 1.98 times a period, with 9 0.96 times.
  test('a declared floor is judged at the declared rate', () => {
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

describe('detection at the declared rate', () => {
  const table = (slo: ServiceLevel) =>
    planBurnRateAlerts(slo).burnRateAlerts.map((burnRateAlert) => [
      failedRequestsNeeded(burnRateAlert, slo),
      ...[1, 0.1, 0.01].map((ratio) => detect(burnRateAlert, slo, ratio)),
    ]);

  // An hour at 20/s is 72,000 requests, of which more than 1.344 % is 968. At 100 % bad they take 60 × 1.344 % =
  // 0.8064 min, at 10 % ten times as long; 1 % is below 1.344 %, so never. By then 2 % of the budget is gone, by design.
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

  // Half of 72,000, and one more. 60 × 50 % = 30 min; 360 × 28 % = 100.8; 4,320 × 4.667 % = 201.6, ten times at 10 %.
  test('of a lenient target, which small faults never break', () => {
    expect(table(lenient)).toEqual([
      [36_001, { minutes: 30, budgetSpent: 0.014881 }, undefined, undefined],
      [120_961, { minutes: 100.8, budgetSpent: 0.05 }, undefined, undefined],
      [241_921, { minutes: 201.6, budgetSpent: 0.1 }, { minutes: 2_016, budgetSpent: 0.1 }, undefined],
    ]);
  });

  // 0.05/s are 3 a minute. The floors of 6, 8 and 18 take 2, 2.67 and 6 min of nothing but failures; the budget of
  // 28 days is 0.001 × 40,320 min, so 2 min of them are 2 / 40.32 = 4.96 %. At 1 % the 6 take 200 min, over an hour.
  test('of a quiet service, where the floor decides', () => {
    const quiet = { ...strict, requestsPerSecond: 0.05 };

    expect(table(quiet)[0]).toEqual([
      6,
      { minutes: 2, budgetSpent: 0.0496032 },
      { minutes: 20, budgetSpent: 0.0496032 },
      undefined,
    ]);
    expect(table(quiet)[2]?.[1]).toEqual({ minutes: 6, budgetSpent: 0.14881 });
  });
});
