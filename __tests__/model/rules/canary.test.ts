import type { Environment } from '../../../model/environment';
import type { CanaryPolicy, Service } from '../../../model/service';
import { RULES } from '../../../model/rules';
import { aCatalogue } from '../../support/catalogue-fixture';

/** A service at 20 requests/s, 99.5 % and 95 % under 300 ms, whose canary is sound. */
function broken(change: (service: any) => void): string[] {
  const environment = structuredClone(aCatalogue().environments[0]) as Environment;
  const service = environment.services.find(({ name }) => name === 'cart') as any;
  service.slos.availability.targetPercent = 99.5;
  service.slos.expectedRequestsPerSecond = 20;
  service.canary.stepsPercent = [1, 10, 100];
  change(service as { -readonly [K in keyof Service]: Service[K] });
  return RULES.filter(({ id }) => id.startsWith('CAN-')).flatMap((rule) =>
    rule
      .check(environment, [environment])
      .map(
        ({ path, message, remedy }) => `${rule.id} ${path.join('.')}: ${message}; ${remedy ?? rule.remedy}`,
      ),
  );
}

const canary = (change: (policy: any) => void) => (service: any) => change(service.canary as CanaryPolicy);

test('the sound one breaks no rule', () => {
  expect(broken(() => undefined)).toEqual([]);
});

describe('CAN-001: the requests of a step can decide', () => {
  test('the longest bake is a minute too short', () => {
    expect(broken(canary((policy) => (policy.longestBakeMinutes = 144)))).toEqual([
      'CAN-001 canary.stepsPercent.0: 1 % of 20 requests/s takes 145 min to bring the 1691 that availability needs, longer than longestBakeMinutes 144; begin at 2 %, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes',
    ]);
  });

  test('the longest bake is just enough', () => {
    expect(broken(canary((policy) => (policy.longestBakeMinutes = 145)))).toEqual([]);
  });

  test('what the remedy says is enough', () => {
    expect(
      broken(
        canary((policy) => {
          policy.longestBakeMinutes = 144;
          policy.stepsPercent = [2, 10, 100];
        }),
      ),
    ).toEqual([]);
  });

  test('every step of a quiet service is told', () => {
    const told = broken((service) => (service.slos.expectedRequestsPerSecond = 0.1));

    expect(told.filter((line) => line.startsWith('CAN-001')).map((line) => line.split(':')[0])).toEqual([
      'CAN-001 canary.stepsPercent.0',
      'CAN-001 canary.stepsPercent.1',
      'CAN-001 canary.stepsPercent.2',
    ]);
  });
});

describe('CAN-002: the budget leaves room for worse', () => {
  const told = (targetPercent: number) =>
    broken((service) => (service.slos.latency.targetPercent = targetPercent)).filter((line) =>
      line.startsWith('CAN-002'),
    );

  test('a little more than a third of the requests may be slow', () => {
    expect(told(66)).toEqual([
      'CAN-002 slos.latency.targetPercent: 66 % allows so many bad requests that half of them bad is only 1.5 times the budget; use at least 67, or take the canary out',
    ]);
  });

  test('a third may be', () => {
    expect(told(67)).toEqual([]);
  });
});

describe('CAN-003: chance alone is no gross failure', () => {
  const low = (floor: number) => (service: any) => {
    service.slos.expectedRequestsPerSecond = 30;
    service.canary.stepsPercent = [1, 100];
    service.canary.detection.fastFactor = 6;
    service.canary.detection.fastBadRequests = floor;
  };

  test('one bad request too few', () => {
    expect(broken(low(5))).toEqual([
      "CAN-003 canary.detection.fastBadRequests: 5 bad requests in 5 min come by chance in up to 1 % of the steps at 1 %; 0.025 % is this detector's part of falseRollbackPercent; use at least 7",
    ]);
    expect(broken(low(6))).not.toEqual([]);
  });

  test('as many as the remedy says', () => {
    expect(broken(low(7))).toEqual([]);
  });
});

describe('CAN-004: a version that fails altogether is seen at once', () => {
  const requests = (number: number) => (service: any) => {
    service.slos.expectedRequestsPerSecond = number / 3;
    service.slos.availability.targetPercent = 95;
    service.canary.stepsPercent = [1, 100];
    service.canary.longestBakeMinutes = 1_440;
  };

  test('seven requests in the window, where eight bad ones are gross failure', () => {
    expect(broken(requests(7))).toEqual([
      'CAN-004 canary.stepsPercent.0: 1 % brings 7 requests in fastWindowMinutes 5, fewer than fastBadRequests 8; begin at 2 %, or use fastWindowMinutes 6',
    ]);
  });

  test('eight', () => {
    expect(broken(requests(8))).toEqual([]);
  });
});

describe('CAN-005: gross failure is grosser than the smallest multiple', () => {
  test('less', () => {
    expect(broken(canary(({ detection }) => (detection.fastFactor = 4.9)))).toEqual([
      'CAN-005 canary.detection.fastFactor: 4.9 is below smallestMultiple 5; raise canary.detection.fastFactor',
    ]);
  });

  test('the same', () => {
    expect(broken(canary(({ detection }) => (detection.fastFactor = 5)))).toEqual([]);
  });
});
