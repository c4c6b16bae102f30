/** Every alert policy of an environment. */
import { existsSync } from 'node:fs';
import { runbooksUrl } from '../../model/runbooks';
import { environmentNamed } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const policies: any[] = [...synthEnvironment(prod).values()].flatMap((stack) =>
  Object.values(stack.resource?.['google_monitoring_alert_policy'] ?? {}),
);
const ofServices = policies.filter(({ user_labels: labels }) => 'service' in labels);

test('there are alerts of SLOs, canaries and security', () => {
  const names = policies.map(({ display_name: name }) => name).join('\n');
  for (const part of [
    'checkout: availability error budget burns too fast (page)',
    'checkout v2 is being rolled back',
    'Security: ',
  ])
    expect(names).toContain(part);
});

test.each(policies.map((policy) => [policy.display_name, policy]))('%s: links to a runbook', (_, policy) => {
  const { content, links } = policy.documentation;
  const [, runbook = ''] = /Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(content) ?? [];
  expect([runbook, existsSync(runbook)]).toEqual([expect.stringMatching(/./), true]);
  expect(links).toEqual([
    {
      display_name: `Runbook: ${runbook.split('/').pop()?.replace('.md', '')}`,
      url: `${prod.mesh.runbooks}/${runbook.split('/').pop()}`,
    },
  ]);
});

test.each(ofServices.map((policy) => [policy.display_name, policy]))(
  '%s: has owner, SLO and severity labels',
  (_, { user_labels: labels }) => {
    const { owner } = prod.services.find(({ name }) => name === labels.service) ?? {};
    expect(labels).toMatchObject({
      slo: expect.stringMatching(/availability|latency|absence/),
      severity: expect.stringMatching(/^(page|ticket)$/),
    });
    if (!labels.slo.startsWith('journey')) expect(labels.owner).toBe(owner);
  },
);

test.each([
  [{ runbooks: 'https://code.example/mesh/' }, 'https://code.example/mesh'],
  [{ runbooks: undefined, repository: 'shop/mesh' }, 'https://github.com/shop/mesh/blob/main/docs/runbooks'],
  [{ runbooks: 'https://code.example', repository: 'shop/mesh' }, 'https://code.example'],
  [{}, undefined],
])('%j: the runbooks are at %s', (mesh, url) => {
  expect(runbooksUrl(mesh)).toBe(url);
});
