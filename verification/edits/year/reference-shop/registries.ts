import { imageOf } from '../words';

const registryOf = (environment: string) => `europe-west1-docker.pkg.dev/shop-${environment}-example/shop`;

/** Image of a service in the registry of an environment. */
export function shopImage(environment: string, service: string, letter: string): string {
  return imageOf(registryOf(environment), service, letter);
}
