import type { Environment } from '../../model/environment';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';

/** An environment of the catalogue, and the objects that were synthesized from it. */
export interface Subject {
  readonly environment: Environment;
  readonly objects: readonly KubernetesManifest[];
}

/**
 * Says what a cluster would do with objects of some kinds, and compares it with the catalogue. Expectations are derived
 * from the catalogue here, and not by the code that renders the objects, so that a mistake there is found.
 */
export interface Judge {
  readonly name: string;
  /** Kinds of objects whose change can change the findings. */
  readonly kinds: readonly string[] | 'all';
  /** Each difference from the catalogue, as a sentence; none if the objects do what the catalogue declares. */
  readonly judge: (subject: Subject) => string[];
}

export function ofKind({ objects }: Subject, kind: string, group?: string): KubernetesManifest[] {
  return objects.filter(
    (object) =>
      object.kind === kind && (group === undefined || object.apiVersion.split('/')[0]?.startsWith(group)),
  );
}

/** The spec, as the judge that reads it declares it. Fields that it does not declare are found by an `Inspection`. */
export function specOf<T>(object: KubernetesManifest): T {
  return (object['spec'] ?? {}) as T;
}

export type Labels = Readonly<Record<string, string>>;

export function labelsMatch(selector: Labels | undefined, labels: Labels): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

/** Pods that share one template, as the objects declare them. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Labels;
}

interface DeploymentSpec {
  readonly template?: {
    readonly metadata?: { readonly labels?: Labels };
    readonly spec?: { readonly serviceAccountName?: string };
  };
}

export function deployedWorkloads(subject: Subject): Workload[] {
  return ofKind(subject, 'Deployment').map((object) => {
    const { template } = specOf<DeploymentSpec>(object);
    return {
      name: object.metadata.name,
      namespace: object.metadata.namespace ?? '',
      serviceAccount: template?.spec?.serviceAccountName ?? 'default',
      labels: template?.metadata?.labels ?? {},
    };
  });
}
