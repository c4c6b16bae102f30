import { type KubernetesManifest } from '../../verification/kubernetes/kubernetes-object';
import { adapt, type Surroundings } from '../../verification/mesh-lab/mesh/adaptation';
import { clientPod, podsOf, type Pod } from '../../verification/mesh-lab/mesh/pods';

const namespace: KubernetesManifest = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
};
const deployment: KubernetesManifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart-v1', namespace: 'shop' },
  spec: {
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { serviceAccountName: 'cart-v1', containers: [{ ports: [{ containerPort: 8_080 }] }] },
    },
  },
};
const service: KubernetesManifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8_080 }] },
};
const sidecar: KubernetesManifest = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'Sidecar',
  metadata: { name: 'cart-v1', namespace: 'shop' },
  spec: {
    workloadSelector: { labels: { app: 'cart' } },
    egress: [{ hosts: ['shop/only-this'] }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  },
};
const objects = [namespace, deployment, service, sidecar];

let address = 0;
const nextAddress = () => `127.1.1.${(address += 1)}`;

function around(pods: readonly Pod[], withdrawn: readonly string[] = []): Surroundings {
  return {
    pods,
    withdrawn: new Set(withdrawn),
    scopes: new Map(),
    externalIps: new Map([['pay.example', '127.1.1.99']]),
    jwks: 'the keys',
    publicAuthorityFile: '/lab/root.pem',
    ingressCertificate: { certificateFile: '/lab/tls.crt', keyFile: '/lab/tls.key' },
  };
}

const specOf = (adapted: readonly KubernetesManifest[], kind: string) =>
  adapted.find((object) => object.kind === kind)?.['spec'] as any;

test("a pod's Sidecar keeps its hosts and outbound policy, and gets addresses", () => {
  const pods = podsOf(objects, () => ({}), nextAddress);
  const spec = specOf(adapt(objects, around(pods)), 'Sidecar');

  expect(spec.egress).toEqual([{ hosts: ['shop/only-this'], bind: pods[0]?.ip, captureMode: 'NONE' }]);
  expect(spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
  expect(spec.ingress[0]).toMatchObject({ bind: pods[0]?.ip, port: { number: 8_080 } });
});

test('a pod listens on its container port, even if the target port of a Service differs', () => {
  const otherPort = {
    ...service,
    spec: { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 9_090 }] },
  };
  const adapted = adapt(
    [namespace, deployment, sidecar, otherPort],
    around(podsOf(objects, () => ({}), nextAddress)),
  );

  expect(adapted.find(({ kind }) => kind === 'EndpointSlice')?.['ports']).toMatchObject([{ port: 9_090 }]);
  expect(specOf(adapted, 'Sidecar').ingress).toMatchObject([{ port: { number: 8_080 } }]);
});

test('with interception, Sidecars stay unchanged and Services get cluster IPs', () => {
  const clusterIps = new Map([['shop/cart', '10.5.0.1']]);
  const adapted = adapt(objects, { ...around(podsOf(objects, () => ({}), nextAddress)), clusterIps });

  expect(adapted.filter(({ kind }) => kind === 'Sidecar')).toEqual([sidecar]);
  expect(specOf(adapted, 'Service')).toMatchObject({ selector: { app: 'cart' }, clusterIP: '10.5.0.1' });
});

test('endpoints are the selected pods, without the withdrawn ones', () => {
  const pods = podsOf(objects, () => ({ full: 1, absent: 1 }), nextAddress);
  const slice = adapt(objects, around(pods, ['cart-v1-absent-0'])).find(
    ({ kind }) => kind === 'EndpointSlice',
  );

  expect((slice?.['endpoints'] as any[]).map(({ targetRef }) => targetRef.name)).toEqual(['cart-v1-0']);
});

test('a Deployment outside of the mesh gets no pod', () => {
  const outside = { ...deployment, metadata: { name: 'kiali', namespace: 'kiali' } };

  expect(podsOf([namespace, outside], () => ({}), nextAddress)).toEqual([]);
});

test('a client has the identity of its workload, but not the labels of a gateway', () => {
  const gateway: KubernetesManifest = {
    ...deployment,
    metadata: { name: 'ingress-gateway', namespace: 'shop' },
    spec: {
      template: {
        metadata: { labels: { app: 'gateway' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
        spec: { serviceAccountName: 'gateway', containers: [{}] },
      },
    },
  };
  const pods = podsOf([namespace, gateway], () => ({}), nextAddress);
  const client = clientPod('probe', { as: 'ingress-gateway' }, pods, '127.1.1.50');

  expect(client).toMatchObject({ serviceAccount: 'gateway', role: 'sidecar', kind: 'client' });
  expect(client.labels['app']).toBe('probe');
});

test('third parties get addresses of the lab, and tokens and certificates its keys', () => {
  const entry: KubernetesManifest = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ServiceEntry',
    metadata: { name: 'pay', namespace: 'shop' },
    spec: { hosts: ['pay.example'], resolution: 'DNS', ports: [] },
  };
  const tokens: KubernetesManifest = {
    apiVersion: 'security.istio.io/v1beta1',
    kind: 'RequestAuthentication',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { jwtRules: [{ issuer: 'i', audiences: ['a'], jwksUri: 'https://keys.example' }] },
  };
  const rule: KubernetesManifest = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { name: 'pay', namespace: 'shop' },
    spec: { trafficPolicy: { tls: { caCertificates: '/etc/ssl/certs/ca-certificates.crt' } } },
  };
  const adapted = adapt([entry, tokens, rule], around([]));

  expect(specOf(adapted, 'ServiceEntry')).toMatchObject({
    resolution: 'STATIC',
    endpoints: [{ address: '127.1.1.99' }],
  });
  expect(specOf(adapted, 'RequestAuthentication').jwtRules).toEqual([
    { issuer: 'i', audiences: ['a'], jwks: 'the keys' },
  ]);
  expect(specOf(adapted, 'DestinationRule').trafficPolicy.tls.caCertificates).toBe('/lab/root.pem');
});
