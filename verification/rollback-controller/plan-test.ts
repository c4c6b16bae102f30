import { splitLabelOf } from '../../model/canary/split';
import { canaryVersion, releaseOf, renderWeightCap, type WeightCap } from '../../model/canary/weight-cap';
import { rollbackControllerEmail } from '../../model/naming';
import type { Service } from '../../model/service';
import { UsageError } from '../../tools/command-line';
import { LabError } from '../support/errors';
import { changesOf } from '../terraform/plan-json';
import type { TerraformRig } from '../terraform/rig';
import { expectNoEffect } from './plan-effect';
import type { Route } from './shop';

export interface ReleasedService {
  readonly service: Service;
  /** Changes the release file and synthesizes again. */
  readonly release: (values: Readonly<Record<string, unknown>>) => Promise<void>;
}

const STACK = 'mesh-policies';
const NEW_DIGEST = `sha256:${'2'.repeat(64)}`;

/** @throws LabError at the first failed assertion */
export async function testPlans(
  rig: TerraformRig,
  { service, release }: ReleasedService,
  log: (message: string) => void,
): Promise<void> {
  const canary = canaryVersion(service);
  if (!canary) throw new Error(`${service.name} has no canary`);
  const cluster = rig.objects;
  const rollbackController = cluster.as({ user: rollbackControllerEmail('shop-prod-example') });
  const assertThat = (condition: boolean, failure: string) => {
    if (!condition) throw new LabError(failure);
  };
  const routes = async () =>
    (await cluster.list('networking.istio.io/v1beta1', 'VirtualService', {
      labelSelector: splitLabelOf(service.name),
    })) as readonly Route[];
  const weights = async () => {
    const shares = (await routes()).flatMap(({ spec }) =>
      spec.http.flatMap(({ route }) =>
        route.filter(({ destination }) => destination.host === canary.host).map(({ weight }) => weight),
      ),
    );
    return [...new Set(shares)].join(' and ');
  };
  const expectWeights = async (expected: string) => {
    const live = await weights();
    assertThat(live === expected, `the canary has ${live} % in the routes, not ${expected} %`);
  };
  const expectEmpty = async () => {
    const plan = await rig.plan(STACK);
    assertThat(
      plan.outcome === 'no changes',
      `the plan is not empty: ${changesOf(rig.show(plan)).join(', ')}`,
    );
  };
  const record = async (weightCap: Pick<WeightCap, 'incident' | 'maximumWeightPercent' | 'release'>) => {
    const action = weightCap.maximumWeightPercent === 0 ? 'rollback' : 'pause';
    const time = '2026-01-15T13:00:00Z';
    const object = renderWeightCap({ service: service.name, host: canary.host, time, action, ...weightCap });
    await rollbackController.create({ ...object });
  };
  const deploy = async () => rig.apply(await rig.plan(STACK));

  await deploy();
  await expectWeights('10');
  await expectEmpty();
  log('deployed at 10 %; a second plan is empty');

  await release({ 'services.checkout.canary.weightPercent': 25 });
  const stale = await rig.plan(STACK);
  assertThat(stale.outcome === 'changes', 'the plan for 25 % is empty');
  await record({ incident: '0.rollback', maximumWeightPercent: 0, release: releaseOf(canary) });
  for (const route of await routes())
    await rollbackController.patch(
      { ...route, ...route.metadata, namespace: route.metadata.namespace ?? '' },
      'json-patch',
      loweringOf(route, canary.host),
    );
  await expectWeights('0');
  const refusal = await rig.apply(stale).then(
    () => undefined,
    (error: unknown) => error,
  );
  assertThat(
    refusal instanceof UsageError && /is capped at 0 %/.test(refusal.message),
    'the stale plan was applied',
  );
  await expectWeights('0');
  log('the plan for 25 %, saved before the rollback, is refused; the weights stay 100 and 0');
  const followUp = await rig.plan(STACK);
  await expectNoEffect(rig, followUp, service.name);
  await rig.apply(followUp);
  await expectWeights('0');
  await expectEmpty();
  log(
    'the next plan records 100 and 0 in the state and changes nothing in the cluster; then a plan for 25 % is empty',
  );

  await release({ 'services.checkout.images.v2': `${canary.image.split('@')[0] ?? ''}@${NEW_DIGEST}` });
  await deploy();
  await expectWeights('25');
  log('another image gets 25 %');

  await record({ incident: '0.pause', maximumWeightPercent: 25, release: NEW_DIGEST });
  await release({ 'services.checkout.canary.weightPercent': 50 });
  await expectEmpty();
  log('after a pause at 25 %, a plan for 50 % is empty');

  await release({ acknowledgedIncidents: ['0.pause'] });
  await deploy();
  await expectWeights('50');
  await expectEmpty();
  log('after the incident is acknowledged, the same image gets 50 %; a second plan is empty');
}

/** As the rollback controller writes it. */
function loweringOf({ spec }: Route, canaryHost: string): object[] {
  return spec.http.flatMap(({ route }, rule) =>
    route.length < 2 || !route.some(({ destination }) => destination.host === canaryHost)
      ? []
      : route.map(({ destination }, index) => ({
          op: 'replace',
          path: `/spec/http/${rule}/route/${index}/weight`,
          value: destination.host === canaryHost ? 0 : 100,
        })),
  );
}
