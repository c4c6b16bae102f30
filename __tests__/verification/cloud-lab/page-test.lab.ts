/** The requests of `mesh page-test`, judged by Google's discovery documents and the rules of the cloud lab. */
import { Monitoring, type SendToMonitoring } from '../../../tools/page-test/monitoring';
import { testPages } from '../../../tools/page-test/page-test';
import { Discovery } from '../../../verification/cloud-lab/discovery/discovery';
import { labTools } from '../../../verification/toolchain/lab-tools';
import { aCatalogue } from '../../support/catalogue-fixture';
import { testCloud } from './cloud';

test('the cloud lab accepts every request, and no policy remains', async () => {
  const discovery = new Discovery((await labTools(['discovery'], () => undefined))['discovery']!);
  const { send, world } = testCloud(discovery);
  const findings: unknown[] = [];
  const methods: (string | undefined)[] = [];
  let policies: { readonly name: string }[] = [];
  const judged: SendToMonitoring = (verb, path, body) => {
    // The lab has no incidents: each policy that exists has one.
    if (path.includes('/alerts?')) {
      methods.push(discovery.match('monitoring', verb, `v3/${path.split('?')[0]}`)?.method.id);
      return Promise.resolve({ status: 200, body: { alerts: policies.map((policy) => ({ policy })) } });
    }
    const result = send({ verb, host: 'monitoring.googleapis.com', target: `/v3/${path}`, body });
    methods.push(result.method);
    findings.push(...result.findings);
    const reply = result.response.body as { name: string };
    if (verb === 'POST' && path.endsWith('alertPolicies')) policies = [...policies, reply];
    return Promise.resolve({ status: result.response.status, body: reply });
  };
  for (const [severity, address] of [
    ['page', 'a@shop.example'],
    ['ticket', 'b@shop.example'],
  ])
    await judged('POST', 'projects/shop-test/notificationChannels', {
      type: 'email',
      displayName: `${severity}: ${address}`,
      labels: { email_address: address },
      userLabels: {},
    });
  findings.length = 0;

  const result = await testPages(aCatalogue().environments[0]!, {
    monitoring: new Monitoring('shop-test', judged),
    signal: new AbortController().signal,
    openWithinSeconds: 1,
    deliverSeconds: 0,
    onStep: () => undefined,
  });

  expect(result).toEqual({ page: ['a@shop.example'], ticket: ['b@shop.example'] });
  expect(findings).toEqual([]);
  expect(new Set(methods)).toEqual(
    new Set([
      'monitoring.projects.notificationChannels.create',
      'monitoring.projects.notificationChannels.list',
      'monitoring.projects.alertPolicies.list',
      'monitoring.projects.alertPolicies.create',
      'monitoring.projects.alerts.list',
      'monitoring.projects.alertPolicies.delete',
    ]),
  );
  expect(world.entries().filter(([key]) => key.includes('/alertPolicies/'))).toEqual([]);
});
