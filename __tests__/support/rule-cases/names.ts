import { edited } from '../catalogue-fixture';
import { BANK, CART, STOCK, TEST, WEB, type Changes, type RuleCase } from './rule-case';

/** The fixture with the domain renamed, in mesh.yaml and in every service. */
function domainCalled(name: string): Changes {
  return [WEB, CART, STOCK].reduce<Changes>(
    (shop, file) => edited(file, 'domain: sales', `domain: ${name}`, shop),
    edited('mesh.yaml', '  sales:', `  ${name}:`),
  );
}

/** The fixture with stock renamed, as callee and in the canary's calls too. */
function stockCalled(name: string): Changes {
  const callers = edited(CART, 'service: stock', `service: ${name}`);
  const { [STOCK]: text, ...rest } = edited(
    STOCK,
    'name: stock',
    `name: ${name}`,
    edited(CART, 'calls: [stock]', `calls: [${name}]`, callers),
  );
  return { ...rest, [STOCK]: null, [`services/${name}.yaml`]: text ?? null };
}

/** The fixture with the third party renamed. */
function bankCalled(name: string): Changes {
  const { [BANK]: text, ...rest } = edited(
    BANK,
    'name: bank',
    `name: ${name}`,
    edited(CART, 'external: bank', `external: ${name}`),
  );
  return { ...rest, [BANK]: null, [`external/${name}.yaml`]: text ?? null };
}

const secretCalled = (name: string): Changes =>
  edited('mesh.yaml', 'domains:', `secrets: { ${name}: { description: A value of the bank } }\ndomains:`);
const ringCalled = (name: string): Changes => edited(TEST, 'jwt:\n', `keys: { ring: ${name} }\njwt:\n`);
const bankAt = (host: string, shop: Changes = {}): Changes => edited(BANK, 'api.bank.example', host, shop);

/** A second third party, which cart calls too. */
function secondBank(host: string): Changes {
  const text = edited(BANK, 'name: bank', 'name: broker')[BANK] ?? '';
  return {
    ...edited(
      CART,
      '  - { external: bank',
      '  - { external: broker, methods: [POST], paths: [/orders], optional: true }\n  - { external: bank',
    ),
    'external/broker.yaml': text.replace('api.bank.example', host).replace('150', '10'),
  };
}

/** A second environment with its own project. */
function secondEnvironment(names: string, zone = ''): Changes {
  const first = edited(TEST, 'name: test', 'name: trial')[TEST] ?? '';
  return {
    'environments/trial.yaml': first
      .replace("id: shop-test, number: '123456789012'", "id: shop-trial, number: '123456789013'")
      .replace('web: www.shop.example, api: api.shop.example', names)
      .replace('region:', `${zone}region:`),
    ...(zone === '' ? {} : edited(TEST, 'region:', `${zone}region:`)),
    'releases/trial.yaml': null,
  };
}

export const NAMES_CASES: readonly RuleCase[] = [
  {
    rule: 'PLT-010',
    breaks: domainCalled('kube-system'),
    finding:
      "mesh.yaml:5:16: domains.kube-system: 'kube-system' is reserved for Kubernetes; use another name [PLT-010]",
    inside: domainCalled('kubernetes'),
  },
  {
    rule: 'PLT-010',
    breaks: domainCalled('default'),
    finding:
      "mesh.yaml:5:12: domains.default: 'default' is reserved for Kubernetes; use another name [PLT-010]",
    inside: domainCalled('defaults'),
  },
  {
    rule: 'PLT-010',
    breaks: domainCalled('gmp-public'),
    finding:
      "mesh.yaml:5:15: domains.gmp-public: 'gmp-public' is reserved for Managed Service for Prometheus; use another name [PLT-010]",
    inside: domainCalled('gmp'),
  },
  {
    rule: 'PLT-010',
    breaks: stockCalled('ingress-gateway'),
    finding:
      "services/ingress-gateway.yaml:1:7: name: 'ingress-gateway' is reserved for this platform; use another name [PLT-010]",
    inside: stockCalled('ingress'),
  },
  {
    rule: 'PLT-010',
    breaks: stockCalled('kubernetes'),
    finding:
      "services/kubernetes.yaml:1:7: name: 'kubernetes' is reserved for Kubernetes; use another name [PLT-010]",
    inside: stockCalled('kubernetes-stock'),
  },
  {
    rule: 'PLT-010',
    breaks: stockCalled('journey-buy'),
    finding:
      "services/journey-buy.yaml:1:7: name: 'journey-buy' is reserved for user journeys; use another name [PLT-010]",
    inside: stockCalled('journey'),
  },
  {
    rule: 'PLT-010',
    breaks: bankCalled('own-ranges'),
    finding:
      "external/own-ranges.yaml:1:7: name: 'own-ranges' is reserved for this platform; use another name [PLT-010]",
    inside: bankCalled('ranges'),
  },
  {
    rule: 'PLT-010',
    breaks: secretCalled('ingress-gateway-key'),
    finding:
      "mesh.yaml:4:33: secrets.ingress-gateway-key: 'ingress-gateway-key' is reserved for this platform; use another name [PLT-010]",
    inside: secretCalled('bank-key'),
  },
  {
    rule: 'PLT-010',
    breaks: ringCalled('terraform-state'),
    finding:
      "environments/test.yaml:6:15: keys.ring: 'terraform-state' is reserved for the bootstrap; use another name [PLT-010]",
    inside: ringCalled('terraform'),
  },
  {
    rule: 'PLT-010',
    breaks: edited('mesh.yaml', 'name: shop', 'name: quay'),
    finding: "mesh.yaml:1:7: name: 'quay' is reserved for this platform; use another name [PLT-010]",
    inside: edited('mesh.yaml', 'name: shop', 'name: quays'),
  },
  {
    rule: 'PLT-011',
    breaks: secondBank('api.bank.example'),
    finding:
      "external/broker.yaml:4:7: host: 'api.bank.example' is also the host of 'bank'; call 'bank', and delete this file [PLT-011]",
    inside: secondBank('trade.bank.example'),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('www.googleapis.com'),
    finding:
      "external/bank.yaml:4:7: host: 'www.googleapis.com' is also the host of jwt.jwksUri in environment 'test'; use another host of the issuer, because the proxies fetch the keys directly and not through the egress gateway [PLT-011]",
    inside: bankAt('issuer.shop.example'),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('api.shop.example'),
    finding:
      "external/bank.yaml:4:7: host: 'api.shop.example' is a public name of environment 'test'; call the service by its name in services/ [PLT-011]",
    inside: bankAt('bank.shop.example'),
  },
  // Public names of another environment count too: the third parties are those of every environment.
  {
    rule: 'PLT-011',
    breaks: bankAt('api.trial.example', secondEnvironment('web: www.trial.example, api: api.trial.example')),
    finding:
      "external/bank.yaml:4:7: host: 'api.trial.example' is a public name of environment 'trial'; call the service by its name in services/ [PLT-011]",
    inside: bankAt('api.trials.example', secondEnvironment('web: www.trial.example, api: api.trial.example')),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('stock.sales.svc.cluster.local'),
    finding:
      "external/bank.yaml:4:7: host: 'stock.sales.svc.cluster.local' is a name inside the network; use the public host name of the third party [PLT-011]",
    inside: bankAt('local.bank.example'),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('stock.sales'),
    finding:
      "external/bank.yaml:4:7: host: 'stock.sales' is a name inside the network; use the public host name of the third party [PLT-011]",
    inside: bankAt('stocks.sales'),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('bank.payments.svc'),
    finding:
      "external/bank.yaml:4:7: host: 'bank.payments.svc' is a name inside the network; use the public host name of the third party [PLT-011]",
    inside: bankAt('bank.payments.example'),
  },
  {
    rule: 'PLT-011',
    breaks: bankAt('metadata.google.internal'),
    finding:
      "external/bank.yaml:4:7: host: 'metadata.google.internal' is a name inside the network; use the public host name of the third party [PLT-011]",
    inside: bankAt('internal.bank.example'),
  },
  {
    rule: 'PLT-011',
    breaks: edited(TEST, 'web: www.shop.example', 'web: www.shop.internal'),
    finding:
      "environments/test.yaml:5:21: domainNames.web: 'www.shop.internal' is a name inside the network; use a public host name [PLT-011]",
    inside: edited(TEST, 'web: www.shop.example', 'web: internal.shop.example'),
  },
  {
    rule: 'PLT-011',
    breaks: edited(
      TEST,
      'jwksUri: https://www.googleapis.com/keys',
      'jwksUri: https://keys.sales.svc.cluster.local/keys\n  jwksCidrs: [10.5.0.1/32]',
    ),
    finding:
      "environments/test.yaml:8:12: jwt.jwksUri: 'keys.sales.svc.cluster.local' is a name inside the network; use a public host name [PLT-011]",
    inside: edited(
      TEST,
      'jwksUri: https://www.googleapis.com/keys',
      'jwksUri: https://keys.shop.example/keys\n  jwksCidrs: [192.0.2.1/32]',
    ),
  },
  {
    rule: 'PLT-012',
    breaks: secondEnvironment('web: www.trial.example, api: api.shop.example'),
    finding:
      "environments/trial.yaml:5:45: domainNames.api: 'api.shop.example' is also a public name of environment 'test'; use another name [PLT-012]",
    inside: secondEnvironment('web: www.trial.example, api: api.trial.example'),
  },
  {
    rule: 'PLT-012',
    breaks: secondEnvironment(
      'web: www.trial.shop.example, api: api.trial.shop.example',
      'dns: { publicZone: shop.example }\n',
    ),
    finding:
      "environments/trial.yaml:3:20: dns.publicZone: 'shop.example' is also a public zone of environment 'test'; use another name [PLT-012]",
    inside: {
      ...secondEnvironment('web: www.trial.shop.example, api: api.trial.shop.example'),
      ...edited(TEST, 'region:', 'dns: { publicZone: shop.example }\nregion:'),
    },
  },
];
