import { type KubernetesObject } from '../../kubernetes/kubernetes-object';

/** Addresses of a cluster's ranges, one after the other: 65,000 of them. */
export function addresses(prefix: `${number}.${number}`): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}.${Math.floor(count / 250)}.${(count % 250) + 1}`;
  };
}

/** An address for each Service, by `namespace/name`, as the API server would assign it. Nobody answers there. */
export function clusterIpsOf(objects: readonly KubernetesObject[]): Map<string, string> {
  const next = addresses('10.5');
  const services = objects.filter(({ kind }) => kind === 'Service');
  return new Map(
    services.map(({ metadata: { namespace = '', name } }) => [`${namespace}/${name}`, next()] as const),
  );
}
