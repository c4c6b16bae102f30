import type { ApiCall, Note } from '../engine/call';
import type { Engine } from '../engine/product';
import type { ApiObject } from '../engine/json';
import { kind, type CustomMethod, type Kind } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { linkOf, nameOfLink } from './compute-links';

interface Rule extends ApiObject {
  readonly priority?: number;
  readonly ruleName?: string;
  readonly direction?: string;
  readonly match?: ApiObject & {
    readonly srcIpRanges?: readonly string[];
    readonly destIpRanges?: readonly string[];
    readonly destFqdns?: readonly string[];
  };
}
interface Association extends ApiObject {
  readonly name?: string;
  readonly attachmentTarget?: string;
}
interface FirewallPolicy extends ApiObject {
  readonly name: string;
  readonly id: string;
  readonly selfLink: string;
  readonly rules?: readonly Rule[];
  readonly associations?: readonly Association[];
}

const PRIORITY = schemaText('compute.v1#FirewallPolicyRule.priority');
const NAMES = schemaText('compute.v1#FirewallPolicyRule.ruleName');
const MATCHES = page('firewall/docs/firewall-policies-rule-details#fqdn-objects');
const RULES = page('firewall/docs/firewall-policies-rule-details');
const ASSOCIATIONS = page('firewall/docs/use-network-firewall-policies#delete-network-firewall-policy');
/** Rules that every policy has. */
const IMPLIED: readonly Rule[] = [2_147_483_644, 2_147_483_645, 2_147_483_646, 2_147_483_647].map(
  (priority) => ({
    kind: 'compute#firewallPolicyRule',
    description: 'default rule',
    priority,
    direction: priority % 2 === 1 ? 'INGRESS' : 'EGRESS',
    action: 'goto_next',
    match: { layer4Configs: [{ ipProtocol: 'all' }] },
  }),
);

export const FIREWALL_POLICIES: Kind = kind<FirewallPolicy>({
  defaults: ({ id, rules = IMPLIED, associations = [] }, { name }) => ({
    kind: 'compute#firewallPolicy',
    selfLinkWithId: linkOf(name.replace(/[^/]+$/, id)),
    rules,
    associations,
    ruleTupleCount: 2,
  }),
  deleting: ({ name, associations = [] }) => {
    if (associations.length > 0) invalid(`The firewall policy '${name}' is still associated`, ASSOCIATIONS);
  },
});

export const FIREWALL_METHODS: Readonly<Record<string, CustomMethod>> = {
  'networkFirewallPolicies.addRule': (call, engine, note) => {
    const rule: Rule = call.body;
    const { rules = [], ...policy } = read(call, engine);
    if (rules.some(({ priority }) => priority === rule.priority))
      invalid(`a rule with priority ${String(rule.priority)} exists already`, PRIORITY);
    if (rules.some(({ ruleName }) => ruleName !== undefined && ruleName === rule.ruleName))
      invalid(`a rule named '${rule.ruleName}' exists already`, NAMES);
    checkRule(rule);
    const added = {
      kind: 'compute#firewallPolicyRule',
      enableLogging: false,
      disabled: false,
      ruleTupleCount: 2,
      ...rule,
    };
    return write(call, engine, note, { ...policy, rules: [...rules, added] });
  },
  'networkFirewallPolicies.patchRule': (call, engine, note) => {
    const policy = read(call, engine);
    const rules = (policy.rules ?? []).map((rule) =>
      isRequested(rule, call) ? { ...rule, ...call.body } : rule,
    );
    rules.forEach(checkRule);
    return write(call, engine, note, { ...policy, rules });
  },
  'networkFirewallPolicies.removeRule': (call, engine, note) => {
    const policy = read(call, engine);
    const rules = (policy.rules ?? []).filter((rule) => !isRequested(rule, call));
    return write(call, engine, note, { ...policy, rules });
  },
  'networkFirewallPolicies.getRule': (call, engine) =>
    read(call, engine).rules?.find((rule) => isRequested(rule, call)) ??
    invalid(
      `Invalid value for field 'priority': '${call.query.get('priority')}'. The firewall policy does not contain a rule at priority ${call.query.get('priority')}.`,
      RULES,
    ),
  'networkFirewallPolicies.addAssociation': (call, engine, note) => {
    const policy = read(call, engine);
    const association: Association = call.body;
    const target = nameOfLink(association.attachmentTarget ?? '');
    engine.read('compute', target);
    const added = { ...association, attachmentTarget: linkOf(target), firewallPolicyId: policy.id };
    return write(call, engine, note, { ...policy, associations: [...(policy.associations ?? []), added] });
  },
  'networkFirewallPolicies.getAssociation': (call, engine) =>
    read(call, engine).associations?.find(({ name }) => name === call.query.get('name')) ??
    invalid('An association with that name does not exist.', ASSOCIATIONS),
  'networkFirewallPolicies.removeAssociation': (call, engine, note) => {
    const policy = read(call, engine);
    const associations = (policy.associations ?? []).filter(({ name }) => name !== call.query.get('name'));
    return write(call, engine, note, { ...policy, associations });
  },
};

/** True for a firewall policy that is associated with the network. */
export function isAttachedPolicy(key: string, resource: ApiObject, network: string): boolean {
  if (!/^compute\/.*\/firewallPolicies\//.test(key)) return false;
  const { associations = [] } = resource as FirewallPolicy;
  return associations.some(({ attachmentTarget = '' }) => nameOfLink(attachmentTarget) === network);
}

function checkRule({ direction, match = {} }: Rule): void {
  const { srcIpRanges = [], destIpRanges = [], destFqdns = [] } = match;
  if (destFqdns.length > 0 && direction !== 'EGRESS') invalid('destFqdns is for egress rules', MATCHES);
  if (direction === 'EGRESS' && srcIpRanges.length > 0 && destIpRanges.length + destFqdns.length === 0)
    invalid('an egress rule needs a destination', RULES);
}

function isRequested({ priority }: Rule, { query }: ApiCall): boolean {
  return priority === Number(query.get('priority'));
}

function read({ values }: ApiCall, engine: Engine): FirewallPolicy {
  const name = `projects/${values['project']}/global/firewallPolicies/${values['firewallPolicy']}`;
  return engine.read('compute', name) as FirewallPolicy;
}

function write(call: ApiCall, engine: Engine, note: Note, policy: FirewallPolicy): unknown {
  return engine.replace(call, note, nameOfLink(policy.selfLink), policy, 'update');
}
