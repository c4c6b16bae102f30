import { ComputeSecurityPolicy } from '@cdktf/provider-google/lib/compute-security-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BODY_METHODS } from '../../model/body-pools';
import type { Environment } from '../../model/environment';
import { securityPolicyName } from '../../model/naming';
import { renderWebhookRules } from './webhook-rules';

export interface WebFirewallProps {
  readonly environment: Environment;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Rule sets of the OWASP core rule set that apply to a web shop and its API. */
const RULE_SETS = [
  'sqli-v33-stable',
  'xss-v33-stable',
  'lfi-v33-stable',
  'rfi-v33-stable',
  'rce-v33-stable',
  'protocolattack-v33-stable',
  'scannerdetection-v33-stable',
  'sessionfixation-v33-stable',
] as const;

/** Signatures of known vulnerabilities such as Log4j's. */
const KNOWN_VULNERABILITIES = "evaluatePreconfiguredWaf('cve-canary')";

/** Requests of one address that go on, and 429 for others. */
function perAddress(requestsPerMinute: number) {
  return {
    action: 'throttle',
    rateLimitOptions: {
      conformAction: 'allow',
      exceedAction: 'deny(429)',
      enforceOnKey: 'IP',
      rateLimitThreshold: { count: requestsPerMinute, intervalSec: 60 },
    },
  };
}

const EVERYONE = { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } };

/**
 * Cloud Armor policy of the load balancer: known attacks, rate limit per address, adaptive DDoS protection. PCI DSS
 * 6.4.2.
 *
 * @see https://cloud.google.com/armor/docs/waf-rules
 */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, props: WebFirewallProps) {
    super(scope, id);
    const { mesh, edge } = props.environment;
    const preview = edge.firewallMode === 'preview';
    const expressions = [
      KNOWN_VULNERABILITIES,
      ...RULE_SETS.map(
        (ruleSet) => `evaluatePreconfiguredWaf('${ruleSet}', {'sensitivity': ${edge.firewallSensitivity}})`,
      ),
    ];

    new ComputeSecurityPolicy(this, 'Default', {
      name: securityPolicyName(mesh.name),
      description: 'Web application firewall and rate limit',
      adaptiveProtectionConfig: {
        layer7DdosDefenseConfig: { enable: true, ruleVisibility: 'STANDARD' },
      },
      // Verbose logs contain parts of requests. PCI DSS 3.3.1.
      advancedOptionsConfig: {
        jsonParsing: 'STANDARD',
        logLevel: edge.verboseLogsUntil === undefined ? 'NORMAL' : 'VERBOSE',
      },
      rule: [
        ...expressions.map((expression, index) => ({
          action: 'deny(403)',
          priority: 1_000 + index * 10,
          preview,
          description: `deny ${/'([a-z]+)/.exec(expression)?.[1] ?? ''}`,
          match: { expr: { expression } },
        })),
        ...renderWebhookRules(props.environment, preview, perAddress),
        {
          ...perAddress(edge.writesPerMinute),
          priority: 1_990,
          preview,
          description: 'rate limit per client address of requests with a body',
          match: { expr: { expression: `request.method.matches('^(${BODY_METHODS.join('|')})$')` } },
        },
        {
          ...perAddress(edge.requestsPerMinute),
          priority: 2_000,
          preview,
          description: 'rate limit per client address',
          match: EVERYONE,
        },
        {
          action: 'allow',
          priority: 2_147_483_647,
          description: 'default',
          match: EVERYONE,
        },
      ],
      dependsOn: [...props.dependsOn],
    });
  }
}
