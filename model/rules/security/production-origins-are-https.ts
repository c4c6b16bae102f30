import type { Rule, RuleViolation } from '../rule';

export const productionOriginsAreHttps: Rule = {
  id: 'SEC-011',
  title: 'Origins in production are https',
  severity: 'error',
  rationale:
    'A page from http://localhost is whatever runs on a computer: any program there could call the API as its user.',
  source:
    'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing',
  fix: "use an origin with 'https://', or name it in a test environment only",
  check: ({ name, production, browsers }) => {
    const origins = [
      ...Object.entries(browsers.origins).map(([key, origin]) => ({ path: ['origins', key], origin })),
      ...browsers.pageOrigins.map((origin, index) => ({ path: ['pageOrigins', index], origin })),
    ];
    return origins
      .filter(({ origin }) => production && !origin.startsWith('https://'))
      .map(({ path, origin }): RuleViolation => ({
        kind: 'environment',
        name,
        path: ['browsers', ...path],
        message: `'${origin}' may call the API of production`,
      }));
  },
};
