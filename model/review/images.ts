/** Images of Deployments and the registries that they come from. */
import { listAt, textAt } from './json';
import { parseManifest, type ResourceState } from './resource-change';

/** A word that the sidecar injector replaces. */
const PLACEHOLDER = 'auto';

export function imagesIn(resource: ResourceState): string[] {
  const manifest = parseManifest(resource);
  if (manifest?.kind !== 'Deployment') return [];
  return ['containers', 'initContainers'].flatMap((list) =>
    listAt(manifest.spec, 'template', 'spec', list).flatMap((container) => {
      const image = textAt(container, 'image');
      return image === undefined || image === PLACEHOLDER ? [] : [image];
    }),
  );
}

/** Google project of the environment, from the trust domain of its callers, or from a resource of Google Cloud. */
export function projectIn(resource: ResourceState): string | undefined {
  const manifest = parseManifest(resource);
  if (manifest?.kind === 'AuthorizationPolicy')
    return /"([a-z][-a-z0-9]*)\.svc\.id\.goog\/ns\//.exec(JSON.stringify(manifest.spec ?? {}))?.[1];
  // An environment without a service has no callers yet.
  const project = resource.type.startsWith('google_') ? textAt(resource.values, 'project') : undefined;
  return project !== undefined && /^[a-z][-a-z0-9]*$/.test(project) ? project : undefined;
}

/** Whether the image is in a registry of the project. */
export function isOwnImage(image: string, project: string | undefined): boolean {
  return project !== undefined && /^[a-z0-9-]+-docker\.pkg\.dev\/([^/]+)\//.exec(image)?.[1] === project;
}

/** `registry.example/shop` for `registry.example/shop/cart@sha256:…`; Docker Hub has no registry in the name. */
export function repositoryOf(image: string): string {
  const end = image.lastIndexOf('/');
  return end < 0 ? 'docker.io' : image.slice(0, end);
}
