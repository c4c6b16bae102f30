import { ComputeNetworkFirewallPolicy } from '@cdktf/provider-google/lib/compute-network-firewall-policy';
import { ComputeNetworkFirewallPolicyAssociation } from '@cdktf/provider-google/lib/compute-network-firewall-policy-association';
import {
  ComputeNetworkFirewallPolicyRule,
  type ComputeNetworkFirewallPolicyRuleMatch,
} from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import type { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { databaseCidr } from '../../model/network-policy';
import type { Environment } from '../../model/environment';
import { GOOGLE_API_VIP_CIDR } from '../../model/google-addresses';
import { databasePorts } from '../../model/naming';

export interface EgressFirewallProps {
  readonly environment: Environment;
  readonly network: ComputeNetwork;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

interface AllowRule {
  readonly id: string;
  readonly description: string;
  readonly match: ComputeNetworkFirewallPolicyRuleMatch;
}

const EVERYWHERE = '0.0.0.0/0';

/** Rules are evaluated in rising order. The gaps leave room for insertions. */
const FIRST_PRIORITY = 1_000;
const PRIORITY_STEP = 100;
const LAST_PRIORITY = 2_147_483_000;

/**
 * Firewall of the network. Egress is allowed to its own ranges, Google's APIs, and the third parties of the catalogue
 * by host name. Ingress is denied except for GKE's rules. Denials are logged. PCI DSS 1.2.5, 1.3.1, 1.3.2.
 *
 * A firewall policy instead of VPC firewall rules, because only policies match FQDNs, and a third party's addresses
 * change.
 */
export class EgressFirewall extends Construct {
  constructor(scope: Construct, id: string, props: EgressFirewallProps) {
    super(scope, id);
    const { environment, network, dependsOn } = props;
    const name = `${environment.mesh.name}-egress`;

    const policy = new ComputeNetworkFirewallPolicy(this, 'Policy', {
      name,
      description: 'Egress and ingress rules of the mesh network',
      dependsOn: [...dependsOn],
    });
    const allowRules = allowRulesOf(environment).map(
      (rule, index) =>
        new ComputeNetworkFirewallPolicyRule(this, rule.id, {
          firewallPolicy: policy.name,
          ruleName: rule.id,
          description: rule.description,
          priority: FIRST_PRIORITY + index * PRIORITY_STEP,
          direction: 'EGRESS',
          action: 'allow',
          match: rule.match,
        }),
    );
    const denyEgress = new ComputeNetworkFirewallPolicyRule(this, 'deny-all', {
      firewallPolicy: policy.name,
      ruleName: 'deny-all',
      description: 'Deny all other egress',
      priority: LAST_PRIORITY,
      direction: 'EGRESS',
      action: 'deny',
      enableLogging: true,
      match: { destIpRanges: [EVERYWHERE], layer4Configs: [{ ipProtocol: 'all' }] },
    });
    // GKE's VPC firewall rules for health checks and its control plane are evaluated before this policy.
    const denyIngress = new ComputeNetworkFirewallPolicyRule(this, 'deny-all-ingress', {
      firewallPolicy: policy.name,
      ruleName: 'deny-all-ingress',
      description: 'Deny all ingress that no rule of GKE allows',
      priority: LAST_PRIORITY + 1,
      direction: 'INGRESS',
      action: 'deny',
      enableLogging: true,
      match: { srcIpRanges: [EVERYWHERE], layer4Configs: [{ ipProtocol: 'all' }] },
    });
    const allowOwnIngress = new ComputeNetworkFirewallPolicyRule(this, 'allow-own-ranges-ingress', {
      firewallPolicy: policy.name,
      ruleName: 'allow-own-ranges-ingress',
      description: 'Nodes, pods and Services; NetworkPolicies restrict them further',
      priority: LAST_PRIORITY - 1,
      direction: 'INGRESS',
      action: 'allow',
      match: { srcIpRanges: ownRanges(environment), layer4Configs: [{ ipProtocol: 'all' }] },
    });
    // Associated last: an incomplete policy would either allow too much or cut the nodes off.
    new ComputeNetworkFirewallPolicyAssociation(this, 'Association', {
      name,
      firewallPolicy: policy.name,
      attachmentTarget: network.id,
      dependsOn: [...allowRules, denyEgress, allowOwnIngress, denyIngress],
    });
  }
}

function ownRanges({ network }: Environment): string[] {
  return [network.nodesCidr, network.podsCidr, network.servicesCidr];
}

function allowRulesOf(environment: Environment): AllowRule[] {
  const { jwt, externals, database } = environment;
  const { postgres, connector } = databasePorts(database);
  const https = [{ ipProtocol: 'tcp', ports: ['443'] }];
  return [
    {
      id: 'allow-own-ranges',
      description: 'Nodes, pods, Services and the private endpoint of the database',
      match: {
        destIpRanges: ownRanges(environment),
        layer4Configs: [{ ipProtocol: 'all' }],
      },
    },
    ...(environment.database.connectivity === 'private-services-access'
      ? [
          {
            id: 'allow-database',
            description: 'Database, by private services access',
            match: {
              destIpRanges: [databaseCidr(environment)],
              layer4Configs: [
                {
                  ipProtocol: 'tcp',
                  ports: [String(postgres), String(connector)],
                },
              ],
            },
          },
        ]
      : []),
    {
      id: 'allow-google-apis',
      description: "Google APIs inside Google's network",
      match: { destIpRanges: [GOOGLE_API_VIP_CIDR], layer4Configs: https },
    },
    ...(jwt.jwksCidrs.length > 0
      ? [
          {
            id: 'allow-token-keys',
            description: 'Public keys of the token issuer',
            match: { destIpRanges: [...jwt.jwksCidrs], layer4Configs: https },
          },
        ]
      : []),
    ...externals.map((external) => ({
      id: `allow-${external.name}`,
      description: external.description,
      match: {
        destFqdns: [external.host],
        layer4Configs: [{ ipProtocol: 'tcp', ports: [String(external.port)] }],
      },
    })),
  ];
}
