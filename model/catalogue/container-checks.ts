/** Checks of what a service's container gets: ports, variables, files. */
import { RESERVED_VARIABLES, urlVariable } from '../platform-variables';
import type { ServiceSpec } from '../schema/service-schema';
import type { Path } from '../source/yaml-document';
import type { SpecViolation } from './parse';

/** An eighth of what a ConfigMap holds: the files are in YAML files that people review. */
const MOST_FILE_BYTES = 131_072;
/** A sixteenth of what Linux passes to a process, which the image and the platform use as well. */
const MOST_VARIABLE_BYTES = 131_072;

type Texts = Readonly<Record<string, string>>;

export function checkContainer(spec: ServiceSpec): SpecViolation[] {
  const { env, files, canary } = spec;
  return [
    ...checkPorts(spec),
    ...checkReserved(['env'], env, spec),
    ...checkReserved(['canary', 'env'], canary?.env ?? {}, spec),
    ...checkSizes([], env, files),
    ...(canary === undefined
      ? []
      : checkSizes(
          ['canary'],
          canary.env,
          canary.files,
          { ...env, ...canary.env },
          { ...files, ...canary.files },
        )),
  ];
}

function checkPorts({ port, adminPort, probes }: ServiceSpec): SpecViolation[] {
  if (adminPort === undefined)
    return probes.port === 'admin'
      ? [{ path: ['probes', 'port'], rule: "'admin' needs adminPort", fix: "add adminPort, or use 'app'" }]
      : [];
  return adminPort === port
    ? [{ path: ['adminPort'], rule: `${adminPort} is also port`, fix: 'use another port' }]
    : [];
}

/** What the platform sets would otherwise silently win or lose against the service's value. */
function checkReserved(path: Path, env: Texts, { calls }: ServiceSpec): SpecViolation[] {
  const addresses = calls.map((call) => urlVariable('service' in call ? call.service : call.external));
  const reserved: ReadonlySet<string> = new Set([...RESERVED_VARIABLES, ...addresses]);
  return Object.keys(env)
    .filter((name) => reserved.has(name))
    .map((name) => ({
      path: [...path, name],
      rule: `'${name}' is set by the platform`,
      fix: 'use another name, or remove it; see docs/services.md',
      atKey: true,
    }));
}

/** @param allEnv with the variables that the canary takes over from the service; likewise `allFiles` */
function checkSizes(path: Path, env: Texts, files: Texts, allEnv = env, allFiles = files): SpecViolation[] {
  return [
    ...checkSize([...path, 'env'], env, allEnv, MOST_VARIABLE_BYTES, 'fewer or shorter variables, or a file'),
    ...checkSize(
      [...path, 'files'],
      files,
      allFiles,
      MOST_FILE_BYTES,
      'smaller files, or put them into the image',
    ),
  ];
}

function checkSize(path: Path, own: Texts, all: Texts, limit: number, fix: string): SpecViolation[] {
  const bytes = Object.values(all).reduce((sum, text) => sum + byteLength(text), 0);
  return Object.keys(own).length === 0 || bytes <= limit
    ? []
    : [{ path, rule: `${bytes} bytes exceed ${limit}`, fix: `use ${fix}`, atKey: true }];
}

/** In UTF-8. */
function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
