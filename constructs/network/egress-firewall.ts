import { ComputeNetworkFirewallPolicy } from '@cdktf/provider-google/lib/compute-network-firewall-policy';
import { ComputeNetworkFirewallPolicyAssociation } from '@cdktf/provider-google/lib/compute-network-firewall-policy-association';
import {
  ComputeNetworkFirewallPolicyRule,
  type ComputeNetworkFirewallPolicyRuleMatch,
} from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import type { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { Construct } from 'constructs';
import { databaseCidr } from '../../model/network-policy';
import type { Environment } from '../../model/environment';
import { GOOGLE_API_VIP_CIDR } from '../../model/google-addresses';
import { DATABASE_PORTS } from '../../model/naming';

export interface EgressFirewallProps {
  readonly environment: Environment;
  readonly network: ComputeNetwork;
}

interface Opening {
  readonly id: string;
  readonly description: string;
  readonly match: ComputeNetworkFirewallPolicyRuleMatch;
}

const EVERYWHERE = '0.0.0.0/0';

/** Rules are read in rising order; the gaps leave room for one that must come between. */
const FIRST_PRIORITY = 1_000;
const PRIORITY_STEP = 100;
const LAST_PRIORITY = 2_147_483_000;

/**
 * What may leave the network at all: nothing but its own ranges, Google's APIs, and the third parties of the
 * catalogue by host name. What GKE does not let in stays out. Every refusal is logged. PCI DSS 1.2.5, 1.3.1,
 * 1.3.2.
 *
 * A policy, not VPC rules: only a policy knows destinations by name, and a third party's addresses change.
 */
export class EgressFirewall extends Construct {
  constructor(scope: Construct, id: string, props: EgressFirewallProps) {
    super(scope, id);
    const { environment, network } = props;
    const name = `${environment.mesh.name}-egress`;

    const policy = new ComputeNetworkFirewallPolicy(this, 'Policy', {
      name,
      description: 'What may leave the network of the mesh',
    });
    const openings = openingsOf(environment).map(
      (opening, index) =>
        new ComputeNetworkFirewallPolicyRule(this, opening.id, {
          firewallPolicy: policy.name,
          ruleName: opening.id,
          description: opening.description,
          priority: FIRST_PRIORITY + index * PRIORITY_STEP,
          direction: 'EGRESS',
          action: 'allow',
          match: opening.match,
        }),
    );
    const denial = new ComputeNetworkFirewallPolicyRule(this, 'deny-all', {
      firewallPolicy: policy.name,
      ruleName: 'deny-all',
      description: 'everything else',
      priority: LAST_PRIORITY,
      direction: 'EGRESS',
      action: 'deny',
      enableLogging: true,
      match: { destIpRanges: [EVERYWHERE], layer4Configs: [{ ipProtocol: 'all' }] },
    });
    // GKE writes its own rules for health checks and its control plane; they are read before this policy.
    const ingressDenial = new ComputeNetworkFirewallPolicyRule(this, 'deny-all-ingress', {
      firewallPolicy: policy.name,
      ruleName: 'deny-all-ingress',
      description: 'everything that no rule of GKE lets in',
      priority: LAST_PRIORITY + 1,
      direction: 'INGRESS',
      action: 'deny',
      enableLogging: true,
      match: { srcIpRanges: [EVERYWHERE], layer4Configs: [{ ipProtocol: 'all' }] },
    });
    const ownIngress = new ComputeNetworkFirewallPolicyRule(this, 'allow-own-ranges-ingress', {
      firewallPolicy: policy.name,
      ruleName: 'allow-own-ranges-ingress',
      description: 'nodes, pods and Services among each other; NetworkPolicies divide them',
      priority: LAST_PRIORITY - 1,
      direction: 'INGRESS',
      action: 'allow',
      match: { srcIpRanges: ownRanges(environment), layer4Configs: [{ ipProtocol: 'all' }] },
    });
    // Bound only when complete: a half-written policy would either leak or cut the nodes off.
    new ComputeNetworkFirewallPolicyAssociation(this, 'Association', {
      name,
      firewallPolicy: policy.name,
      attachmentTarget: network.id,
      dependsOn: [...openings, denial, ownIngress, ingressDenial],
    });
  }
}

function ownRanges({ network }: Environment): string[] {
  return [network.nodesCidr, network.podsCidr, network.servicesCidr];
}

function openingsOf(environment: Environment): Opening[] {
  const { jwt, externals } = environment;
  const https = [{ ipProtocol: 'tcp', ports: ['443'] }];
  return [
    {
      id: 'allow-own-ranges',
      description: 'nodes, pods, Services and the private endpoint of the database',
      match: {
        destIpRanges: ownRanges(environment),
        layer4Configs: [{ ipProtocol: 'all' }],
      },
    },
    ...(environment.database.connectivity === 'private-services-access'
      ? [
          {
            id: 'allow-database',
            description: 'the range in which Google keeps the database',
            match: {
              destIpRanges: [databaseCidr(environment)],
              layer4Configs: [
                {
                  ipProtocol: 'tcp',
                  ports: [String(DATABASE_PORTS.postgres), String(DATABASE_PORTS.connector)],
                },
              ],
            },
          },
        ]
      : []),
    {
      id: 'allow-google-apis',
      description: "Google's APIs inside Google's network",
      match: { destIpRanges: [GOOGLE_API_VIP_CIDR], layer4Configs: https },
    },
    ...(jwt.jwksCidrs.length > 0
      ? [
          {
            id: 'allow-token-keys',
            description: 'public keys of the token issuer',
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
