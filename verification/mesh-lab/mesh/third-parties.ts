import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { type Authority, type Certificate } from './authority';
import { type Backends } from './backends';

/** Simulated hosts outside the mesh, one for each ServiceEntry. */
export interface ThirdParties {
  /** Address by host name. */
  readonly ips: ReadonlyMap<string, string>;
  /** Replaces the certificate of the host. */
  readonly useCertificate: (host: string, certificate: Certificate) => void;
  /** The initial certificate of the host. */
  readonly ownCertificate: (host: string) => Certificate;
  /** Issues a certificate of the simulated public authority. */
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
  objects: readonly KubernetesManifest[],
  nextAddress: () => string,
  backends: Backends,
  publicAuthority: Authority,
): Promise<ThirdParties> {
  const ips = new Map<string, string>();
  const own = new Map<string, Certificate>();
  const replacers = new Map<string, (certificate: Certificate) => void>();
  for (const entry of objects.filter(({ kind }) => kind === 'ServiceEntry')) {
    const { hosts, resolution, ports } = entry['spec'] as EntrySpec;
    const [host] = hosts;
    if (host === undefined || resolution === 'NONE') continue;
    const address = nextAddress();
    ips.set(host, address);
    const certificate = await publicAuthority.issue({ dns: host });
    own.set(host, certificate);
    const receiver = { pod: host, workload: host };
    const served = new Set<number>();
    for (const { number, protocol, targetPort = number } of ports) {
      if (served.has(targetPort)) continue;
      served.add(targetPort);
      // A differing target port means that the egress gateway originates TLS.
      if (protocol === 'HTTPS' || targetPort !== number)
        replacers.set(host, await backends.serveHttps(receiver, address, targetPort, certificate));
      else if (protocol === 'HTTP') await backends.serveHttp(receiver, address, number);
      else await backends.serveTcp(address, number);
    }
  }
  return {
    ips,
    useCertificate: (host, certificate) => replacers.get(host)?.(certificate),
    ownCertificate: (host) => own.get(host) as Certificate,
    certificateFor: (dns) => publicAuthority.issue({ dns }),
  };
}
