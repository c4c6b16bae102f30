import { existsSync } from 'node:fs';
import type { Environment } from '../../../model/environment';
import { runbooksUrl } from '../../../model/runbooks';
import { LATENCY_BOUNDARIES_MS } from '../../../model/slo/latency-reading';
import { synthEnvironment } from '../synth';

/** Audits what latency SLOs measure, and every alert policy: what it tells the person who is paged, and who that is. */
export function auditAlerts(environment: Environment): void {
  const resources = (type: string): any[] =>
    [...synthEnvironment(environment).values()].flatMap((stack) =>
      Object.values(stack.resource?.[type] ?? {}),
    );
  const policies = resources('google_monitoring_alert_policy');
  const ofServices = policies.filter(({ user_labels: labels }) => 'service' in labels);

  test('there are alerts of every service, and of security', () => {
    const names = policies.map(({ display_name: name }) => name).join('\n');
    for (const { name } of environment.services)
      expect(names).toContain(`${name}: availability error budget burns too fast (`);
    for (const { name } of environment.services.filter(({ versions }) => versions.length > 1))
      expect(names).toContain(`${name} v2 is being rolled back`);
    expect(names).toContain('Security: ');
  });

  test('each latency SLO is measured at a boundary of the histogram, which its name states', () => {
    const latency = resources('google_monitoring_slo').filter(
      ({ request_based_sli: { distribution_cut: cut } }) => cut !== undefined,
    );
    expect(latency.length).toBeGreaterThanOrEqual(environment.services.length);
    for (const { display_name: name, request_based_sli: sli } of latency) {
      const { max } = sli.distribution_cut.range;
      const [, statedMs, measuredMs = statedMs] =
        / less than (\d+) ms over \d+ days(?:, measured at (\d+) ms)?$/.exec(name) ?? [];
      expect([name, Number(measuredMs)]).toEqual([name, max]);
      expect([name, LATENCY_BOUNDARIES_MS.includes(max)]).toEqual([name, true]);
      expect(max).toBeLessThanOrEqual(Number(statedMs));
    }
  });

  test.each(policies.map((policy) => [policy.display_name, policy]))(
    '%s: links to a runbook',
    (_, policy) => {
      const { content, links } = policy.documentation;
      const [, runbook = ''] = /Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(content) ?? [];
      expect([runbook, existsSync(runbook)]).toEqual([expect.stringMatching(/./), true]);
      const url = runbooksUrl(environment.mesh);
      const [file = ''] = runbook.split('/').slice(-1);
      expect(links).toEqual(
        url && [{ display_name: `Runbook: ${file.replace('.md', '')}`, url: `${url}/${file}` }],
      );
    },
  );

  for (const { display_name: name, user_labels: labels } of ofServices)
    test(`${name}: has owner, SLO and severity labels`, () => {
      const { owner } = environment.services.find(({ name }) => name === labels.service) ?? {};
      expect(labels).toMatchObject({
        slo: expect.stringMatching(/availability|latency|absence/),
        severity: expect.stringMatching(/^(page|ticket)$/),
      });
      if (!labels.slo.startsWith('journey')) expect(labels.owner).toBe(owner);
    });
}
