import { edited } from '../catalogue-fixture';
import { TEST, type Changes, type RuleCase } from './rule-case';

const maintenance = (settings: string): Changes =>
  edited(TEST, 'cluster: {', `cluster: { maintenance: { ${settings} },`);
const exclusion = (name: string, start: string, end: string, scope = 'no-upgrades'): string =>
  `{ name: ${name}, start: '${start}T00:00:00Z', end: '${end}T00:00:00Z', scope: ${scope} }`;
const exclusions = (...items: readonly string[]): Changes => maintenance(`exclusions: [${items.join(', ')}]`);
const many = (count: number, scope: string): string[] =>
  Array.from({ length: count }, (_, index) => {
    const month = String((index % 12) + 1).padStart(2, '0');
    return exclusion(`freeze-${index}`, `20${30 + index}-${month}-01`, `20${30 + index}-${month}-02`, scope);
  });

export const MAINTENANCE_CASES: readonly RuleCase[] = [
  // In 32 days every weekday occurs at least four times: 4 × 1 day × 11 h.
  {
    rule: 'PLT-013',
    breaks: maintenance('days: [SA], durationHours: 11'),
    finding:
      'environments/test.yaml:15:54: cluster.maintenance.durationHours: some 32 days have only 44 hours of maintenance; use more days or longer windows, for 48 hours [PLT-013]',
    inside: maintenance('days: [SA], durationHours: 12'),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(exclusion('peak', '2026-11-20', '2026-12-21')),
    finding:
      'environments/test.yaml:15:90: cluster.maintenance.exclusions[0].end: 31 days are longer than the 30 days of scope no-upgrades; end it at 2026-12-20T00:00:00Z or earlier [PLT-013]',
    inside: maintenance(
      `days: [MO, TU, WE, TH, FR, SA, SU], durationHours: 24, exclusions: [${exclusion('peak', '2026-11-20', '2026-12-20')}]`,
    ),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(exclusion('peak', '2026-09-30', '2027-03-30', 'no-minor-upgrades')),
    finding:
      'environments/test.yaml:15:90: cluster.maintenance.exclusions[0].end: 181 days are longer than the 180 days of scope no-minor-upgrades; end it at 2027-03-29T00:00:00Z or earlier [PLT-013]',
    inside: exclusions(exclusion('peak', '2026-09-30', '2027-03-29', 'no-minor-upgrades')),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(...many(4, 'no-upgrades')),
    finding:
      'environments/test.yaml:15:39: cluster.maintenance.exclusions: 4 exclusions with scope no-upgrades; use at most 3, or another scope [PLT-013]',
    inside: exclusions(...many(3, 'no-upgrades')),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(...many(21, 'no-minor-upgrades')),
    finding:
      'environments/test.yaml:15:39: cluster.maintenance.exclusions: 21 exclusions; use at most 20 [PLT-013]',
    inside: exclusions(...many(20, 'no-minor-upgrades')),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(exclusion('peak', '2026-11-20', '2026-11-20')),
    finding:
      "environments/test.yaml:15:90: cluster.maintenance.exclusions[0].end: '2026-11-20T00:00:00Z' is not after the start '2026-11-20T00:00:00Z'; swap them [PLT-013]",
    inside: exclusions(exclusion('peak', '2026-11-20', '2026-11-21')),
  },
  {
    rule: 'PLT-013',
    breaks: exclusions(
      exclusion('peak', '2026-11-20', '2026-11-21'),
      exclusion('peak', '2027-11-20', '2027-11-21'),
    ),
    finding:
      "environments/test.yaml:15:144: cluster.maintenance.exclusions[1].name: 'peak' is also the name of an earlier exclusion; use another name [PLT-013]",
    inside: exclusions(
      exclusion('peak', '2026-11-20', '2026-11-21'),
      exclusion('peak-2027', '2027-11-20', '2027-11-21'),
    ),
  },
  // The window is open 6 h on Monday to Thursday. 22 days without upgrades leave as few as five of these days in 32.
  {
    rule: 'PLT-013',
    breaks: exclusions(exclusion('peak', '2026-11-20', '2026-12-12')),
    finding:
      'environments/test.yaml:15:39: cluster.maintenance.exclusions: some 32 days have only 30 hours of maintenance; shorten the exclusions with scope no-upgrades, or use more days or longer windows, for 48 hours [PLT-013]',
    inside: exclusions(exclusion('peak', '2026-11-20', '2026-12-01')),
  },
];
