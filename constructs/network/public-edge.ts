import { CertificateManagerCertificate } from '@cdktf/provider-google/lib/certificate-manager-certificate';
import { CertificateManagerCertificateMap } from '@cdktf/provider-google/lib/certificate-manager-certificate-map';
import { CertificateManagerCertificateMapEntry } from '@cdktf/provider-google/lib/certificate-manager-certificate-map-entry';
import { CertificateManagerDnsAuthorization } from '@cdktf/provider-google/lib/certificate-manager-dns-authorization';
import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import { ComputeSecurityPolicy } from '@cdktf/provider-google/lib/compute-security-policy';
import { ComputeSslPolicy } from '@cdktf/provider-google/lib/compute-ssl-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { certificateMapName, publicAddressName, securityPolicyName, sslPolicyName } from '../../model/naming';

export interface PublicEdgeProps {
  readonly environment: Environment;
  /** APIs that must be on first. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Core rule sets of the web application firewall; sensitivity 1 blocks what is certainly an attack. */
const WAF_RULE_SETS = ['sqli', 'xss', 'lfi', 'rce', 'protocolattack', 'scannerdetection'] as const;

/**
 * What the load balancer shows to the public: its address, its certificates, and what it refuses before a
 * request reaches the mesh. PCI DSS 4.2.1, 6.4.2.
 */
export class PublicEdge extends Construct {
  constructor(scope: Construct, id: string, props: PublicEdgeProps) {
    super(scope, id);
    const { environment } = props;
    const dependsOn = [...props.dependsOn];
    const { mesh, domainNames } = environment;

    new ComputeGlobalAddress(this, 'Address', { name: publicAddressName(mesh.name), dependsOn });
    new ComputeSslPolicy(this, 'TlsPolicy', {
      name: sslPolicyName(mesh.name),
      profile: 'RESTRICTED',
      minTlsVersion: 'TLS_1_2',
      dependsOn,
    });
    this.securityPolicy(mesh.name, dependsOn);

    const map = new CertificateManagerCertificateMap(this, 'CertificateMap', {
      name: certificateMapName(mesh.name),
      dependsOn,
    });
    for (const [host, domain] of Object.entries(domainNames)) {
      const authorization = new CertificateManagerDnsAuthorization(this, `${host}-dns-authorization`, {
        name: `${mesh.name}-${host}`,
        domain,
        dependsOn,
      });
      const certificate = new CertificateManagerCertificate(this, `${host}-certificate`, {
        name: `${mesh.name}-${host}`,
        managed: { domains: [domain], dnsAuthorizations: [authorization.id] },
      });
      new CertificateManagerCertificateMapEntry(this, `${host}-certificate-entry`, {
        name: `${mesh.name}-${host}`,
        map: map.name,
        hostname: domain,
        certificates: [certificate.id],
      });
    }
  }

  private securityPolicy(mesh: string, dependsOn: ITerraformDependable[]): void {
    new ComputeSecurityPolicy(this, 'SecurityPolicy', {
      name: securityPolicyName(mesh),
      adaptiveProtectionConfig: { layer7DdosDefenseConfig: { enable: true } },
      advancedOptionsConfig: { jsonParsing: 'STANDARD', logLevel: 'VERBOSE' },
      rule: [
        ...WAF_RULE_SETS.map((ruleSet, index) => ({
          action: 'deny(403)',
          priority: 1_000 + index,
          description: `refuse ${ruleSet}`,
          match: {
            expr: { expression: `evaluatePreconfiguredWaf('${ruleSet}-v33-stable', {'sensitivity': 1})` },
          },
        })),
        {
          action: 'throttle',
          priority: 2_000,
          description: 'one address may not crowd out the others',
          match: { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } },
          rateLimitOptions: {
            conformAction: 'allow',
            exceedAction: 'deny(429)',
            enforceOnKey: 'IP',
            rateLimitThreshold: { count: 600, intervalSec: 60 },
          },
        },
        {
          action: 'allow',
          priority: 2_147_483_647,
          description: 'default',
          match: { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } },
        },
      ],
      dependsOn,
    });
  }
}
