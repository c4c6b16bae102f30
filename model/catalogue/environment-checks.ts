/** What an environment's file, and its releases, can get wrong. */
import { cidrContains, cidrsOverlap } from '../cidr';
import type { EnvironmentSpec } from '../schema/environment-schema';
import type { MeshSpec } from '../schema/mesh-schema';
import type { ReleaseSpec } from '../schema/release-schema';
import type { ServiceSpec } from '../schema/service-schema';
import { STABLE_VERSION } from '../naming';
import { unknownName, type SpecViolation } from './parse';
import { isReleased } from './resolve';

export function checkEnvironment(spec: EnvironmentSpec): SpecViolation[] {
  return [
    ...checkNetwork(spec),
    ...checkNames(spec),
    ...checkCluster(spec),
    ...checkTokens(spec),
    ...checkReplicas(spec),
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
        fix: 'choose a free range',
      })),
  );
  if (database.connectivity === 'private-services-access' && network.databasePeeringCidr === undefined) {
    const rule = "'private-services-access' needs network.databasePeeringCidr";
    return [
      ...overlaps,
      { path: ['database', 'connectivity'], rule, fix: 'add a free range of at least /24' },
    ];
  }
  if (cidrContains(network.nodesCidr, network.databaseEndpointIp)) return overlaps;
  const rule = `'${network.databaseEndpointIp}' is not in nodesCidr '${network.nodesCidr}'`;
  return [
    ...overlaps,
    { path: ['network', 'databaseEndpointIp'], rule, fix: 'choose an address of that range' },
  ];
}

/** A record outside its zone is refused only when the zone exists already. */
function checkNames({ dns, domainNames }: EnvironmentSpec): SpecViolation[] {
  const zone = dns.publicZone;
  if (zone === undefined) return [];
  return Object.values(domainNames)
    .filter((name) => name !== zone && !name.endsWith(`.${zone}`))
    .map((name) => ({
      path: ['dns', 'publicZone'],
      rule: `'${name}' of domainNames is not in '${zone}'`,
      fix: 'name the domain that both share, or leave it out',
    }));
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

/** Google's keys come through addresses that every proxy may reach; any other issuer's must be opened. */
function checkTokens({ jwt }: EnvironmentSpec): SpecViolation[] {
  const host = new URL(jwt.jwksUri).hostname;
  if (host.endsWith('.googleapis.com') || jwt.jwksCidrs.length > 0) return [];
  return [
    {
      path: ['jwt', 'jwksUri'],
      rule: `'${host}' is not under googleapis.com, and network policy would block it`,
      fix: "add 'jwksCidrs' with its addresses",
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

/** Releases against what the services allow and the environment demands. */
/** With a faulty mesh.yaml nothing can be said about its repository. */
export function checkPipelineStart(spec: EnvironmentSpec, mesh: MeshSpec | undefined): SpecViolation[] {
  if (!spec.rollbackController.startsPipeline || mesh === undefined || mesh.repository !== undefined)
    return [];
  return [
    {
      path: ['rollbackController', 'startsPipeline'],
      rule: 'there is no repository whose pipeline could be started',
      fix: "set 'repository: <owner>/<name>' in mesh.yaml",
    },
  ];
}

export function checkRelease(
  release: ReleaseSpec,
  environment: Pick<EnvironmentSpec, 'images'>,
  services: readonly ServiceSpec[],
  knownServices: readonly string[],
): SpecViolation[] {
  const unknown = Object.keys(release.services)
    .filter((name) => !knownServices.includes(name))
    .map((name) => unknownName(['services', name], name, 'service', knownServices, true));
  // A callee that does not exist is told at the call.
  const released = (name: string) =>
    !knownServices.includes(name) || isReleased(name, release, environment.images.sample);
  const wrong = services
    .filter(({ name }) => released(name))
    .flatMap((service) => [
      ...checkServiceRelease(release, environment, service),
      ...checkCalleesReleased(service, released),
    ]);
  return [...unknown, ...wrong];
}

/** A service may be described before it has an image, as long as nobody depends on it. */
function checkCalleesReleased(
  { name, calls }: ServiceSpec,
  released: (service: string) => boolean,
): SpecViolation[] {
  return calls.flatMap((call): SpecViolation[] => {
    if (!('service' in call) || released(call.service)) return [];
    const rule = `'${name}' calls '${call.service}', which has no release here`;
    return [{ path: ['services', name], rule, fix: `release '${call.service}' first`, atKey: true }];
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
      rule: `'${service.name}' has no canary`,
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
      rule: `'${version}' does not run`,
      fix: "remove the image or add 'canary'",
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
        fix: "name it by '@sha256:…': a tag can move after review",
      });
    }
  }
  return findings;
}
