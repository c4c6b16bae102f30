import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { LabError } from '../support/errors';
import { until } from '../support/until';
import { type KubernetesClient } from './client';
import { type KubernetesManifest } from './kubernetes-object';

interface Definition extends KubernetesManifest {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Objects of a YAML file, without empty documents. */
export function readObjects(file: string): KubernetesManifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as KubernetesManifest | null)
    .filter((object) => object !== null);
}

/** Installs custom resource definitions and waits until the server serves them. */
export async function installDefinitions(
  client: KubernetesClient,
  definitions: readonly KubernetesManifest[],
  limitMs = 30_000,
): Promise<void> {
  await Promise.all(definitions.map((definition) => client.apply(definition, { force: true })));
  const names = new Set(definitions.map(({ metadata }) => metadata.name));
  const areEstablished = async () => {
    const listed = await client.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
    return (listed as readonly Definition[]).every(
      (definition) => !names.has(definition.metadata.name) || isEstablished(definition),
    );
  };
  await until(areEstablished, {
    everyMs: 50,
    limitMs,
    otherwise: () =>
      new LabError(`custom resource definitions were not established after ${limitMs / 1_000} s`),
  });
}

function isEstablished({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false;
}
