/** Call-backs of third parties. */
import { publicHosts, type RoutedEnvironment } from './public-routes';
import type { IngressRoute, Service } from './service';

export interface Webhook {
  readonly service: Service;
  /** Public host. */
  readonly host: string;
  readonly path: string;
  readonly webhook: NonNullable<IngressRoute['webhook']>;
}

/** The webhooks of the environment, one for each path, in a stable order. */
export function webhooksOf(environment: RoutedEnvironment): Webhook[] {
  return publicHosts(environment)
    .flatMap(({ name, routes }) =>
      routes.flatMap(({ service, path, webhook }) =>
        webhook === undefined ? [] : [{ service, host: name, path, webhook }],
      ),
    )
    .sort((a, b) => (a.host + a.path < b.host + b.path ? -1 : 1));
}
