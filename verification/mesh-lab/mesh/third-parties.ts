import { type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { type Authority, type Certificate } from './authority';
import { type Backends } from './backends';

/** Hosts outside the mesh that the registry knows, each played at an address of the lab. */
export interface ThirdParties {
  /** Address by host name. */
  readonly ips: ReadonlyMap<string, string>;
  /** Makes the host show another certificate from now on. */
  readonly showCertificate: (host: string, certificate: Certificate) => void;
  /** The certificate that it showed at first. */
  readonly ownCertificate: (host: string) => Certificate;
  /** A certificate that public authorities vouch for, of another name. */
  readonly certificateFor: (dns: string) => Promise<Certificate>;
}

interface EntrySpec {
  readonly hosts: readonly string[];
  readonly resolution?: string;
  readonly ports: readonly {
    readonly number: number;
    readonly protocol: string;
    readonly targetPort?: number;
  }[];
}

export async function serveThirdParties(
  objects: readonly KubernetesObject[],
  nextAddress: () => string,
  backends: Backends,
  publicAuthority: Authority,
): Promise<ThirdParties> {
  const ips = new Map<string, string>();
  const own = new Map<string, Certificate>();
  const shows = new Map<string, (certificate: Certificate) => void>();
  for (const entry of objects.filter(({ kind }) => kind === 'ServiceEntry')) {
    const { hosts, resolution, ports } = entry['spec'] as EntrySpec;
    const [host] = hosts;
    if (host === undefined || resolution === 'NONE') continue;
    const address = nextAddress();
    ips.set(host, address);
    const certificate = await publicAuthority.issue({ dns: host });
    own.set(host, certificate);
    const identity = { at: host, by: host };
    const served = new Set<number>();
    for (const { number, protocol, targetPort = number } of ports) {
      if (served.has(targetPort)) continue;
      served.add(targetPort);
      // Plain inside the mesh and elsewhere outside of it: whoever sends it out makes TLS of it.
      if (protocol === 'HTTPS' || targetPort !== number)
        shows.set(host, await backends.serveHttps(identity, address, targetPort, certificate));
      else if (protocol === 'HTTP') await backends.serveHttp(identity, address, number);
      else await backends.serveTcp(address, number);
    }
  }
  return {
    ips,
    showCertificate: (host, certificate) => shows.get(host)?.(certificate),
    ownCertificate: (host) => own.get(host) as Certificate,
    certificateFor: (dns) => publicAuthority.issue({ dns }),
  };
}
