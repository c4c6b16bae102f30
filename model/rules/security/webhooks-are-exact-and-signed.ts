import type { IngressRoute, Service } from '../../service';
import type { Rule } from '../rule';

/** Cloud Armor's priorities between its rule sets and its rate limits. */
const MOST_WEBHOOKS = 40;

export const webhooksAreExactAndSigned: Rule = {
  id: 'SEC-008',
  title: 'Webhooks are exact, and their signature is verified',
  severity: 'error',
  rationale:
    'A webhook needs no end-user token, so anything beyond one signed call would be open to everyone at its source addresses.',
  source: 'docs/decisions/0066-what-a-client-must-show.md',
  fix: 'declare POST, exact paths, jwt: none, and a signingSecret that the service mounts',
  check: ({ services, images }) =>
    services.flatMap((service) =>
      service.ingress.flatMap((route, index) =>
        problemsOf(service, route, images.sample !== undefined).map(({ field, message, fix }) => ({
          kind: 'service' as const,
          name: service.name,
          path: ['ingress', index, ...field],
          message,
          fix,
        })),
      ),
    ),
};

interface Problem {
  readonly field: readonly string[];
  readonly message: string;
  readonly fix: string;
}

/** @param isSample whether the environment may run the sample container, which verifies nothing */
function problemsOf(service: Service, route: IngressRoute, isSample: boolean): Problem[] {
  const { webhook, jwt, methods, paths } = route;
  if (webhook === undefined) return [];
  const problems: (Problem | false)[] = [
    jwt === 'required' && {
      field: ['jwt'],
      message: 'the caller of a webhook has no end-user token',
      fix: 'use none, or remove webhook',
    },
    methods.join() !== 'POST' && {
      field: ['methods'],
      message: `a webhook is called by POST only, not by ${methods.join(', ')}`,
      fix: 'use [POST]',
    },
    paths.some((path) => path.endsWith('*')) && {
      field: ['paths'],
      message: `[${paths.join(', ')}] has a prefix`,
      fix: "use the caller's exact path",
    },
    paths.length > MOST_WEBHOOKS && {
      field: ['paths'],
      message: `${paths.length} paths are more than the ${MOST_WEBHOOKS} that Cloud Armor has priorities for`,
      fix: 'use one path for each caller',
    },
    !isSample &&
      !service.secrets.includes(webhook.signingSecret) && {
        field: ['webhook', 'signingSecret'],
        message: `'${service.name}' does not mount the secret '${webhook.signingSecret}'`,
        fix: 'add it to secrets, and verify each signature with it',
      },
  ];
  return problems.filter((problem) => problem !== false);
}
