import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';

/** Enumerates about 65,000 addresses of a range. */
export function addressesOf(prefix: `${number}.${number}`): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}.${Math.floor(count / 250)}.${(count % 250) + 1}`;
  };
}

/** A cluster IP for each Service, by `namespace/name`. Nothing listens there. */
export function clusterIpsOf(objects: readonly KubernetesManifest[]): Map<string, string> {
  const next = addressesOf('10.5');
  const services = objects.filter(({ kind }) => kind === 'Service');
  return new Map(
    services.map(({ metadata: { namespace = '', name } }) => [`${namespace}/${name}`, next()] as const),
  );
}
