/** Checks of an environment file and its release file beyond the schema. */
import { cidrContains, cidrSize, cidrsOverlap, indexInCidr } from '../cidr';
import type { EnvironmentSpec } from '../schema/environment-schema';
import type { MeshSpec } from '../schema/mesh-schema';
import type { ReleaseSpec } from '../schema/release-schema';
import { callsIn, type ServiceSpec } from '../schema/service-schema';
import { publicZoneName, STABLE_VERSION } from '../naming';
import { unknownName, type SpecViolation } from './parse';
import { isReleased } from './resolve';

/** @param today as `2030-01-31` */
export function checkEnvironment(spec: EnvironmentSpec, today: string): SpecViolation[] {
  return [
    ...checkNetwork(spec),
    ...checkNames(spec),
    ...checkCluster(spec),
    ...checkTokens(spec),
    ...checkReplicas(spec),
    ...checkVerboseLogs(spec, today),
  ];
}

function checkNetwork({ network, database }: EnvironmentSpec): SpecViolation[] {
  const ranges = (['nodesCidr', 'podsCidr', 'servicesCidr', 'databasePeeringCidr'] as const).flatMap(
    (key) => {
      const cidr = network[key];
      return cidr === undefined ? [] : [[key, cidr] as const];
    },
  );
  const overlaps = ranges.flatMap(([key, cidr], index) =>
    ranges
      .slice(0, index)
      .filter(([, other]) => cidrsOverlap(cidr, other))
      .map(([otherKey, other]) => ({
        path: ['network', key],
        rule: `'${cidr}' overlaps with ${otherKey} '${other}'`,
        fix: 'use a free range',
      })),
  );
  if (database.connectivity === 'private-services-access' && network.databasePeeringCidr === undefined) {
    const rule = "'private-services-access' needs network.databasePeeringCidr";
    return [
      ...overlaps,
      { path: ['database', 'connectivity'], rule, fix: 'add a free range of at least /24' },
    ];
  }
  return [...overlaps, ...checkDatabaseEndpoint(network)];
}

/** Google reserves the first two and the last two addresses of a subnet. */
function checkDatabaseEndpoint({
  nodesCidr,
  databaseEndpointIp: address,
}: EnvironmentSpec['network']): SpecViolation[] {
  const path = ['network', 'databaseEndpointIp'];
  if (!cidrContains(nodesCidr, address))
    return [
      { path, rule: `'${address}' is not in nodesCidr '${nodesCidr}'`, fix: 'use an address in that range' },
    ];
  const index = indexInCidr(nodesCidr, address);
  if (index >= 2 && index < cidrSize(nodesCidr) - 2) return [];
  return [
    {
      path,
      rule: `'${address}' is one of the four addresses of '${nodesCidr}' that Google reserves`,
      fix: 'use an address between them',
    },
  ];
}

/** Cloud DNS would reject a record outside of its zone, but only at apply. */
function checkNames({ dns, domainNames }: EnvironmentSpec): SpecViolation[] {
  const zone = dns.publicZone;
  if (zone === undefined) return [];
  const path = ['dns', 'publicZone'];
  const outside = Object.values(domainNames)
    .filter((name) => name !== zone && !name.endsWith(`.${zone}`))
    .map((name) => ({
      path,
      rule: `'${name}' of domainNames is not in zone '${zone}'`,
      fix: 'use the common parent domain of domainNames, or remove publicZone',
    }));
  const resource = publicZoneName(zone);
  if (/^[a-z][-a-z0-9]{0,61}[a-z0-9]$/.test(resource)) return outside;
  return [
    ...outside,
    {
      path,
      rule: `Cloud DNS needs a zone name of at most 63 characters that starts with a letter, not '${resource}'`,
      fix: 'use another zone, or remove publicZone and create the records by hand',
    },
  ];
}

function checkCluster({ cluster }: EnvironmentSpec): SpecViolation[] {
  if (cluster.mode === 'autopilot') return [];
  if (cluster.nodes === undefined) {
    return [
      {
        path: ['cluster'],
        rule: "mode 'standard' needs nodes",
        fix: "add 'nodes', or use mode 'autopilot'",
      },
    ];
  }
  const { minPerZone, maxPerZone } = cluster.nodes;
  if (minPerZone <= maxPerZone) return [];
  return [
    {
      path: ['cluster', 'nodes', 'minPerZone'],
      rule: `${minPerZone} is above maxPerZone ${maxPerZone}`,
      fix: 'swap them',
    },
  ];
}

/** Network policy opens Google's addresses to every proxy. Other issuers need an entry. */
function checkTokens({ jwt }: EnvironmentSpec): SpecViolation[] {
  const host = new URL(jwt.jwksUri).hostname;
  if (host.endsWith('.googleapis.com') || jwt.jwksCidrs.length > 0) return [];
  return [
    {
      path: ['jwt', 'jwksUri'],
      rule: `'${host}' is not under googleapis.com, so network policy blocks it`,
      fix: "add its addresses as 'jwksCidrs'",
    },
  ];
}

const LONGEST_VERBOSE_DAYS = 14;

/** A switch that someone forgets would collect parts of requests for as long as the logs are kept. */
function checkVerboseLogs({ edge: { verboseLogsUntil } }: EnvironmentSpec, today: string): SpecViolation[] {
  if (verboseLogsUntil === undefined) return [];
  const path = ['edge', 'verboseLogsUntil'];
  const daysAhead = (Date.parse(verboseLogsUntil) - Date.parse(today)) / 86_400_000;
  if (daysAhead < 0) return [{ path, rule: `'${verboseLogsUntil}' has passed`, fix: 'remove it, and apply' }];
  if (daysAhead <= LONGEST_VERBOSE_DAYS) return [];
  return [
    {
      path,
      rule: `'${verboseLogsUntil}' is ${daysAhead} days ahead, of at most ${LONGEST_VERBOSE_DAYS}`,
      fix: 'use an earlier day',
    },
  ];
}

function checkReplicas(spec: EnvironmentSpec): SpecViolation[] {
  return (['ingress', 'egress'] as const).flatMap((gateway): SpecViolation[] => {
    const { minReplicas, maxReplicas } = spec[gateway];
    if (minReplicas <= maxReplicas) return [];
    return [
      {
        path: [gateway, 'minReplicas'],
        rule: `${minReplicas} is above maxReplicas ${maxReplicas}`,
        fix: 'swap them',
      },
    ];
  });
}

/** @param mesh undefined if mesh.yaml is invalid */
export function checkPipelineStart(spec: EnvironmentSpec, mesh: MeshSpec | undefined): SpecViolation[] {
  if (!spec.rollbackController.startsPipeline || mesh === undefined || mesh.repository !== undefined)
    return [];
  return [
    {
      path: ['rollbackController', 'startsPipeline'],
      rule: 'mesh.yaml has no repository whose pipeline could be started',
      fix: "set 'repository: <owner>/<name>' in mesh.yaml",
    },
  ];
}

export function checkRelease(
  release: ReleaseSpec,
  environment: Pick<EnvironmentSpec, 'name' | 'images'>,
  services: readonly ServiceSpec[],
  knownServices: readonly string[],
): SpecViolation[] {
  const unknown = Object.keys(release.services)
    .filter((name) => !knownServices.includes(name))
    .map((name) => unknownName(['services', name], name, 'service', knownServices, true));
  // Unknown callees are reported at the call.
  const released = (name: string) =>
    !knownServices.includes(name) || isReleased(name, release, environment.images.sample);
  const findings = services
    .filter(({ name }) => released(name))
    .flatMap((service) => [
      ...checkServiceRelease(release, environment, service),
      ...checkCalleesReleased(service, environment.name, released),
    ]);
  return [...unknown, ...findings];
}

const NO_RELEASE = 'which has no release in this environment';

/** Whether the release of another service fixes the violation. */
export function isMissingCallee({ rule }: Pick<SpecViolation, 'rule'>): boolean {
  return rule.endsWith(NO_RELEASE);
}

/** A service without a release must not have released callers. */
function checkCalleesReleased(
  service: ServiceSpec,
  environment: string,
  released: (service: string) => boolean,
): SpecViolation[] {
  const { name } = service;
  return callsIn(service, environment).flatMap((call): SpecViolation[] => {
    if (!('service' in call) || released(call.service)) return [];
    const rule = `'${name}' calls '${call.service}', ${NO_RELEASE}`;
    return [
      {
        path: ['services', name],
        rule,
        fix: `release '${call.service}' in the same change, or limit the call to other 'environments'`,
        atKey: true,
      },
    ];
  });
}

function checkServiceRelease(
  release: ReleaseSpec,
  { images }: Pick<EnvironmentSpec, 'images'>,
  service: ServiceSpec,
): SpecViolation[] {
  const entry = release.services[service.name];
  const path = ['services', service.name];
  const findings: SpecViolation[] = [];
  const canaryRelease = entry?.canary;

  if (canaryRelease !== undefined && service.canary === undefined) {
    findings.push({
      path: [...path, 'canary'],
      rule: `'${service.name}' has no canary policy`,
      fix: "add 'canary' to its service file",
    });
  } else if (canaryRelease !== undefined && canaryRelease.version !== service.canary?.version) {
    const allowed = String(service.canary?.version);
    findings.push({
      path: [...path, 'canary', 'version'],
      rule: `'${canaryRelease.version}' is not the canary version '${allowed}'`,
      fix: `use '${allowed}'`,
    });
  }

  const running = [STABLE_VERSION, ...(canaryRelease === undefined ? [] : [canaryRelease.version])];
  for (const version of Object.keys(entry?.images ?? {})) {
    if (running.includes(version)) continue;
    findings.push({
      path: [...path, 'images', version],
      rule: `version '${version}' does not run`,
      fix: "remove the image, or add 'canary'",
      atKey: true,
    });
  }
  for (const version of running) {
    const image = entry?.images[version] ?? images.sample;
    if (image === undefined) {
      findings.push({
        path: [...path, 'images'],
        rule: `no image for ${version}`,
        fix: `add '${version}', or set images.sample in the environment`,
      });
    } else if (images.requireDigest && !image.includes('@sha256:')) {
      findings.push({
        path: [...path, 'images', version],
        rule: `'${image}' has no digest`,
        fix: "use '@sha256:…', because a tag can move after the review",
      });
    }
  }
  return findings;
}
