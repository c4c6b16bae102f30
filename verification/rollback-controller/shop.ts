/** An API server with the objects of mesh-policies, and clients with the identities that write to it. */
import { SPLIT_ANNOTATIONS, splitLabelOf } from '../../model/canary/split';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../model/environment';
import { rollbackControllerEmail } from '../../model/naming';
import {
  RECEIPT_PREFIX,
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_PREFIX,
  WEIGHT_CAP_SELECTOR,
  parseWeightCap,
  renderWeightCap,
  type WeightCap,
} from '../../model/canary/weight-cap';
import { startKubernetes, type Kubernetes } from '../kubernetes/api-server';
import type { KubernetesClient } from '../kubernetes/client';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { objectsOf } from '../support/synthesized';
import type { Teardown } from '../support/teardown';
import { until } from '../support/until';

export interface Destination {
  readonly destination: { readonly host: string };
  readonly weight: number;
}

export interface Route extends KubernetesManifest {
  readonly spec: {
    readonly hosts: readonly string[];
    readonly gateways: readonly string[];
    readonly http: readonly { readonly name: string; readonly route: readonly Destination[] }[];
  };
}

export interface Shop {
  readonly environment: Environment;
  readonly kubernetes: Kubernetes;
  /** Applies objects as Terraform does. */
  readonly terraform: KubernetesClient;
  readonly rollbackController: KubernetesClient;
  readonly controllerName: string;
  /** All routes of a service, as synthesized. */
  readonly committed: (service: string) => Route[];
  /** Deletes weight caps and receipts, and restores every route. */
  readonly reset: () => Promise<void>;
  /** The different canary weights in the live routes of a service: one number if all routes agree. */
  readonly weights: (service: string) => Promise<number[]>;
  readonly weightCaps: () => Promise<WeightCap[]>;
  readonly write: (weightCap: WeightCap) => Promise<void>;
}

/** Admission reads weight caps through a watch, which lags behind. */
const WATCH_DELAY_MS = 250;

const KINDS: readonly string[] = [
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'VirtualService',
];
const ADMINISTRATOR = { user: 'terraform@shop.example', groups: ['system:masters'] };

export async function startShop(
  teardown: Teardown,
  environment: Environment,
  outputFolder: string,
): Promise<Shop> {
  const controllerName = rollbackControllerEmail(environment.project.id);
  const objects = objectsOf(outputFolder, environment.name)
    .filter(({ kind }) => KINDS.includes(kind))
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const kubernetes = await startKubernetes({ users: [{ user: controllerName }] });
  teardown.add(() => kubernetes.stop());
  await kubernetes.client.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'istio-system' },
  });
  for (const object of objects) await kubernetes.client.apply(object, { force: true });

  const routes = objects.filter(({ kind }) => kind === 'VirtualService') as Route[];
  const isOf = (service: string) => (route: KubernetesManifest) =>
    route.metadata.labels?.[splitLabelOf(service)] === 'true';
  const terraform = kubernetes.client.as(ADMINISTRATOR);
  const platformAdmin = kubernetes.client.as({
    ...ADMINISTRATOR,
    groups: [...ADMINISTRATOR.groups, environment.mesh.platformAdmins],
  });
  const records = () => kubernetes.client.list('v1', 'ConfigMap', { namespace: WEIGHT_CAP_NAMESPACE });
  const shop: Shop = {
    environment,
    kubernetes,
    terraform,
    rollbackController: kubernetes.clientOf(controllerName),
    controllerName,
    committed: (service) => routes.filter(isOf(service)),
    reset: async () => {
      for (const { metadata } of await records())
        if (metadata.name.startsWith(WEIGHT_CAP_PREFIX) || metadata.name.startsWith(RECEIPT_PREFIX))
          await platformAdmin.delete({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: metadata.name,
            namespace: WEIGHT_CAP_NAMESPACE,
          });
      for (const route of routes) await terraform.apply(route, { force: true });
    },
    weights: async (service) => {
      const live = await kubernetes.client.list('networking.istio.io/v1beta1', 'VirtualService');
      const shares = live
        .filter(isOf(service))
        .flatMap((route) => canaryWeights(route as Route, canaryHost(route, service)));
      return [...new Set(shares)].sort((a, b) => a - b);
    },
    weightCaps: async () => {
      const found = await kubernetes.client.list('v1', 'ConfigMap', { labelSelector: WEIGHT_CAP_SELECTOR });
      return found.map(parseWeightCap);
    },
    write: async (weightCap) => {
      await kubernetes.clientOf(controllerName).create({ ...renderWeightCap(weightCap) });
      await sleep(WATCH_DELAY_MS);
    },
  };
  await waitForPolicies(shop);
  return shop;
}

export function canaryHost({ metadata }: KubernetesManifest, service: string): string | undefined {
  return metadata.annotations?.[SPLIT_ANNOTATIONS.host + service];
}

function canaryWeights(route: Route, host: string | undefined): number[] {
  // A route made by hand may be a redirect.
  const rules: readonly Partial<Route['spec']['http'][number]>[] = route.spec.http;
  return rules.flatMap((rule) =>
    (rule.route ?? []).filter(({ destination }) => destination.host === host).map(({ weight }) => weight),
  );
}

/** The route with another weight for the canary of the service. */
export function weighted(route: Route, service: string, percent: number): Route {
  const host = canaryHost(route, service);
  const http = route.spec.http.map((rule) => {
    if (!rule.route.some(({ destination }) => destination.host === host)) return rule;
    const split = rule.route.map((destination) => ({
      ...destination,
      weight: destination.destination.host === host ? percent : 100 - percent,
    }));
    return { ...rule, route: split };
  });
  return { ...route, spec: { ...route.spec, http } };
}

/** The API server enforces new policies a moment after it has accepted them. */
async function waitForPolicies(shop: Shop): Promise<void> {
  const probe = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'probe', namespace: WEIGHT_CAP_NAMESPACE },
  };
  const rollbackController = shop.kubernetes.clientOf(shop.controllerName);
  const isRefused = () =>
    rollbackController.create(probe, { dryRun: true }).then(
      () => false,
      () => true,
    );
  const otherwise = () => new Error('the admission policies are not in force after 10 s');
  await until(isRefused, { everyMs: 50, limitMs: 10_000, otherwise });
}
