/** Configuration files of a version: a ConfigMap, and how its pods mount it. */
import { createHash } from 'node:crypto';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';
import { CONFIG_FOLDER, LABELS } from '../../model/naming';
import type { Version } from '../../model/service';

type WithFiles = Pick<Version, 'files' | 'workload'>;

export function hasFiles({ files }: WithFiles): boolean {
  return Object.keys(files).length > 0;
}

export function renderConfigMap(version: WithFiles, namespace: string): ConfigMap {
  return new ConfigMap({
    metadata: { name: version.workload, namespace },
    data: { ...version.files },
  });
}

/** Changes with the files, so that a new content starts new pods. */
export function configAnnotation(version: WithFiles): Record<string, string> {
  if (!hasFiles(version)) return {};
  const files = Object.entries(version.files).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    [LABELS.configHash]: createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16),
  };
}

export function configVolumes(version: WithFiles): IVolume[] {
  return hasFiles(version) ? [{ name: 'config', configMap: { name: version.workload } }] : [];
}

/** Each file on its own (`subPath`): a mounted folder would change under the running containers of the old pods. */
export function configMounts(version: WithFiles): IVolumeMount[] {
  return Object.keys(version.files).map((name) => ({
    name: 'config',
    mountPath: `${CONFIG_FOLDER}/${name}`,
    subPath: name,
    readOnly: true,
  }));
}
