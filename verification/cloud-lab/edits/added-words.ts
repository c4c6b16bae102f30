/** Headlines of edits that add a third party or move on-call, for both directions. */

const LIMITS = [
  ['client TLS', 'SIMPLE'],
  ['timeout', '100 ms'],
  ['retries', '0'],
  ['circuit breaker: active requests', '100'],
  ['circuit breaker: base ejection time', '30 s'],
  ['circuit breaker: concurrent retries', '20'],
  ['circuit breaker: connect timeout', '1 s'],
  ['circuit breaker: connections', '50'],
  ['circuit breaker: consecutive 5xx before ejection', '5'],
  ['circuit breaker: maximum ejected endpoints', '50 %'],
  ['circuit breaker: outlier detection interval', '10 s'],
  ['circuit breaker: pending requests', '25'],
] as const;

/** Of a third party `tax-service` that cart calls. */
export function thirdPartyHeadlines(isAdded: boolean): string[] {
  const verb = isAdded ? 'added' : 'removed';
  const change = (value: string) => (isAdded ? `none → ${value}` : `${value} → none`);
  const call = isAdded ? 'new third-party call' : 'third-party call removed';
  return [
    `cart: ${call}: api.tax-service.example POST /v1/rates`,
    `cart: environment variables (cart-v1) ${verb} name TAX_SERVICE_URL value http://api.tax-service.example`,
    `cart: visible hosts (cart-v1) ${verb} egress-gateway/api.tax-service.example, egress-gateway/egress-gateway.egress-gateway.svc.cluster.local`,
    ...(isAdded ? [] : ['egress-gateway: external host tax-service present → none']),
    `network: firewall allows EGRESS (allow-tax-service) ${change('api.tax-service.example tcp 443')}`,
    ...LIMITS.map(([label, value]) => `tax-service: ${label} ${change(value)}`),
  ];
}

/** Of the general address for pages; in production team-purchasing has one of its own. */
export function onCallHeadlines(production: boolean, from: string, to: string): string[] {
  const channels = ['page', 'team_platform_page', 'team_purchasing_page', 'team_storefront_page'];
  return channels
    .filter((channel) => !production || channel !== 'team_purchasing_page')
    .map((channel) => `notifications: recipient of channels_${channel} ${from} → ${to}`);
}
