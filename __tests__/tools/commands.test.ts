import { parseAllDocuments } from 'yaml';
import type { Environment } from '../../model/environment';
import type { MeshDiagram } from '../../model/diagram/mesh-diagram';
import { GRAPH_FORMATS, renderGraph, type GraphFormat } from '../../tools/commands/graph';
import { renderManifests } from '../../tools/commands/manifests';
import { serviceFacts } from '../../tools/commands/service-facts';
import { renderService } from '../../tools/commands/show';
import { environmentNamed, environmentOrDefault, formatNamed, serviceNamed } from '../../tools/selection';
import { UsageError } from '../../tools/command-line';
import { aCatalogue, edited } from '../support/catalogue-fixture';

const WITHOUT_SAMPLE = edited(
  'environments/test.yaml',
  'images: { requireDigest: false, sample: registry.example/sample/app:v1 }',
  'images: { requireDigest: false }',
);
const ONLY_STOCK_RELEASED = `services:
  stock:
    images: { v1: registry.example/shop/stock:1 }
`;

function theShop(changes: Readonly<Record<string, string | null>> = {}): Environment {
  return environmentNamed(aCatalogue(changes), 'test');
}

function factsOf(name: string, environment = theShop()) {
  return serviceFacts(environment, serviceNamed(environment, name));
}

describe('show', () => {
  test('lists callers with their requests and whether a token is required', () => {
    const shop = theShop(edited('services/web.yaml', 'jwt: none', 'jwt: required'));

    expect(factsOf('web', shop).callers).toEqual([
      { caller: 'external clients', methods: ['GET'], paths: ['/', '/*'], jwt: 'required', requires: [] },
    ]);
    expect(factsOf('web', shop).publicAddresses).toEqual([
      'https://www.shop.example/',
      'https://www.shop.example/*',
    ]);
    expect(factsOf('stock').callers.map(({ caller, jwt }) => [caller, jwt])).toEqual([
      ['cart-v1', 'none'],
      ['cart-v2', 'none'],
    ]);
  });

  test('lists a call only for the versions that may send it', () => {
    expect(
      factsOf('cart').calls.map(({ version, callee, isExternal, timeoutMs }) => ({
        version,
        callee,
        isExternal,
        timeoutMs,
      })),
    ).toEqual([
      { version: 'v1', callee: 'stock', isExternal: false, timeoutMs: 200 },
      { version: 'v1', callee: 'bank', isExternal: true, timeoutMs: 150 },
      { version: 'v2', callee: 'stock', isExternal: false, timeoutMs: 200 },
    ]);
  });

  test('adds up attempts, and the calls of the version with the longest sum', () => {
    const { worstCaseMs, allAttemptsMs, callsMs } = factsOf('cart');

    expect({ worstCaseMs, allAttemptsMs, callsMs }).toEqual({
      worstCaseMs: 1_000,
      allAttemptsMs: 800,
      callsMs: 350,
    });
    expect(factsOf('stock')).toMatchObject({ worstCaseMs: 200, allAttemptsMs: 0, callsMs: 0 });
  });

  test('prints one page', () => {
    expect(renderService(factsOf('cart'))).toBe(
      `cart in test: Products that a shopper has selected

  owner            team-cart, tier critical, PCI scope connected
  address          http://cart.sales.svc.cluster.local
  public URLs      none
  browsers         none
  versions         v1  90 %  registry.example/sample/app:v1
                   v2  10 %  registry.example/sample/app:v1
  callers          web-v1: GET POST /carts /carts/*
  calls            v1 → stock: GET /stock/*, timeout 200 ms
                   v1 → bank (external): POST /charges, timeout 150 ms
                   v2 → stock: GET /stock/*, timeout 200 ms
  timeout          1000 ms; up to 2 attempts in 800 ms, retried on connect-failure, refused-stream, gateway-error; writes only if the request cannot have reached the service
                   its own calls in sequence take up to 350 ms
  circuit breaker  100 connections, 50 pending, 200 requests per client proxy; outlier ejection for 30 s after 5 consecutive 5xx
  replicas         2 to 10 per version, target 60 % CPU
  SLOs             99.9 % of requests succeed over 28 days; page at 1.34 % failed over 1 h; page at 0.56 % failed over 6 h; ticket at 0.0933 % failed over 72 h
                   95 % of responses take less than 300 ms over 28 days; page at 50 % slow over 1 h; page at 28 % slow over 6 h; ticket at 4.67 % slow over 72 h
  secrets          none
  database         none
  ports            8080 requests, http
  command          of the image
  arguments        of the image
  variables        PORT=8080  (port to serve requests on)
                   STOCK_URL=http://stock.sales.svc.cluster.local  (address of service stock; HTTP/1.1 or newer)
                   BANK_URL=http://api.bank.example  (address of third party bank; HTTP/1.1 or newer, never https://)
                   LISTEN_ADDR=0.0.0.0:8080
                   NAME=cart-v1
                   HTTP_CLIENT_APPEND_REQUEST=false
                   UPSTREAM_URIS=http://stock.sales.svc.cluster.local/stock/sample
  files            none
  variables v2     NAME=cart-v2
  not in v2        BANK_URL`,
    );
    expect(renderService(factsOf('stock'))).toContain('200 ms; no retries\n  circuit breaker');
  });
});

describe('graph', () => {
  /** Two versions, a third party, the database, a secret. */
  const shopWithData = () => {
    const mesh = edited(
      'mesh.yaml',
      'domains:',
      'secrets: { key: { description: Key of the warehouse } }\ndomains:',
    );
    const stock = edited(
      'services/stock.yaml',
      'timeoutMs',
      'database: true\nsecrets: [key]\ntimeoutMs',
      mesh,
    );
    return theShop(stock);
  };
  const json = () => JSON.parse(renderGraph(shopWithData(), 'json')) as MeshDiagram;

  test('has every version, gateway, third party and store, and every edge between them', () => {
    const { nodes, edges } = json();

    expect(nodes.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'clients clients',
      'load-balancer load-balancer',
      'gateway ingress-gateway',
      'version cart-v1',
      'version cart-v2',
      'version stock-v1',
      'version web-v1',
      'gateway egress-gateway',
      'external external-bank',
      'database database',
      'secrets secret-manager',
      'monitoring monitoring',
    ]);
    expect(edges.map(({ from, to, weightPercent }) => [from, to, weightPercent])).toEqual([
      ['clients', 'load-balancer', undefined],
      ['load-balancer', 'ingress-gateway', undefined],
      ['ingress-gateway', 'web-v1', undefined],
      ['cart-v1', 'stock-v1', undefined],
      ['cart-v1', 'egress-gateway', undefined],
      ['cart-v2', 'stock-v1', undefined],
      ['stock-v1', 'database', undefined],
      ['stock-v1', 'secret-manager', undefined],
      ['web-v1', 'cart-v1', 90],
      ['web-v1', 'cart-v2', 10],
      ['egress-gateway', 'external-bank', undefined],
      ['ingress-gateway', 'monitoring', undefined],
    ]);
    expect(edges.find(({ to }) => to === 'egress-gateway')).toEqual({
      from: 'cart-v1',
      to: 'egress-gateway',
      kind: 'request',
      requests: [{ methods: ['POST'], paths: ['/charges'], jwt: 'none' }],
      through: ['external-bank'],
    });
  });

  test('omits what no service uses', () => {
    const { nodes } = JSON.parse(renderGraph(theShop(), 'json')) as MeshDiagram;

    expect(nodes.map(({ id }) => id)).not.toContain('database');
    expect(nodes.map(({ id }) => id)).not.toContain('secret-manager');
  });

  /** Pairs of ids, as each format writes an edge. */
  const EDGES: readonly [GraphFormat, RegExp, (id: string) => string][] = [
    ['mermaid', /^ {2}(\w+) -\.?->(?:\|.*\|)? (\w+)$/gm, (id) => id.replaceAll('-', '_')],
    ['dot', /^ {2}"(.+)" -> "(.+?)"/gm, (id) => id],
    ['svg', /<path [^>]*data-from="(.+?)" data-to="(.+?)"/g, (id) => id],
    ['html', /<path [^>]*data-from="(.+?)" data-to="(.+?)"/g, (id) => id],
  ];

  test.each(EDGES)('as %s has the same nodes, edges, weights and domains', (format, edge, written) => {
    const text = renderGraph(shopWithData(), format);
    const { nodes, edges } = json();

    expect([...text.matchAll(edge)].map(([, from, to]) => [from, to])).toEqual(
      edges.map(({ from, to }) => [written(from), written(to)]),
    );
    for (const { label } of nodes) expect(text).toContain(label);
    for (const words of ['90 %', '10 %', 'sales']) expect(text).toContain(words);
  });

  test('groups versions of a split service in the service, and services in their domain', () => {
    expect(renderGraph(theShop(), 'dot')).toContain(`  subgraph "cluster_domain_sales" {
    label="sales";
    subgraph "cluster_service_cart" {
      label="cart";
      "cart-v1" [label="cart v1" shape=box];
      "cart-v2" [label="cart v2" shape=box];
    }
    "stock-v1" [label="stock" shape=box];`);
  });
});

describe('manifests', () => {
  const stackOf = (manifests: Readonly<Record<string, unknown>>) => [
    {
      id: 'test-mesh-policies',
      json: {
        resource: {
          kubernetes_manifest: Object.fromEntries(
            Object.entries(manifests).map(([name, manifest]) => [name, { manifest }]),
          ),
        },
      },
    },
  ];

  test('are separate documents, sorted by address and headed by it', () => {
    expect(renderManifests(stackOf({ b: { kind: 'Service' }, a: { kind: 'Deployment' } }))).toBe(
      '# test-mesh-policies kubernetes_manifest.a\nkind: Deployment\n---\n# test-mesh-policies kubernetes_manifest.b\nkind: Service',
    );
  });

  test("remove Terraform's escapes and keep its expressions", () => {
    const text = renderManifests(
      stackOf({ a: { '$${key}': ['echo $${HOME} %%{d} 100%% $$', '${local.weight}'] } }),
    );

    expect(parseAllDocuments(text).map((document) => document.toJS() as unknown)).toEqual([
      { '${key}': ['echo ${HOME} %{d} 100%% $$', '${local.weight}'] },
    ]);
  });

  test.each(['1.1', '1.2'] as const)('read back unchanged in YAML %s', (version) => {
    const manifest = {
      values: ['on', 'no', 'y', '012', '1e3', '1_000', '12:30:45', '2026-01-01', 'x'.repeat(200)],
    };
    const [document] = parseAllDocuments(renderManifests(stackOf({ a: manifest })), { version });

    expect(document?.toJS()).toEqual(manifest);
  });

  test('of a stack without objects are empty', () => {
    expect(renderManifests([{ id: 'test-network', json: {} }])).toBe('');
  });
});

describe('a name on the command line', () => {
  test.each([
    [() => environmentNamed(aCatalogue(), 'tesst'), "unknown environment 'tesst'; did you mean 'test'?"],
    [() => environmentOrDefault(aCatalogue(), 'prod'), "unknown environment 'prod'; use one of test"],
    [() => serviceNamed(theShop(), 'stok'), "unknown service 'stok'; did you mean 'stock'?"],
    [
      () => formatNamed('pdf', GRAPH_FORMATS),
      "unknown format 'pdf'; use one of dot, html, json, mermaid, svg",
    ],
    [
      () => serviceNamed(theShop({ ...WITHOUT_SAMPLE, 'releases/test.yaml': ONLY_STOCK_RELEASED }), 'web'),
      "'web' is not released in 'test' yet; choose another --env",
    ],
  ])('fails with a fix if it is unknown: %#', (lookUp, message) => {
    expect(lookUp).toThrow(new UsageError(message));
  });
});

describe('without a name, the environment is', () => {
  test('the first one of a catalogue without production', () => {
    const { environments } = aCatalogue();

    expect(environmentOrDefault({ environments, warnings: [], waivers: [] }, undefined).name).toBe('test');
  });

  test('the first production environment, whatever its name', () => {
    const [test] = aCatalogue().environments;
    const environments = ['alpha', 'live', 'zeta'].map((name) => ({
      ...test!,
      name,
      production: name !== 'alpha',
    }));

    expect(environmentOrDefault({ environments, warnings: [], waivers: [] }, undefined).name).toBe('live');
  });
});
