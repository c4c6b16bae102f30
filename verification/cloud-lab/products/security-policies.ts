import type { ApiCall, Note } from '../engine/call';
import type { Engine } from '../engine/product';
import type { ApiObject } from '../engine/json';
import { kind, type CustomMethod, type Kind } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';

interface Rule extends ApiObject {
  readonly priority: number;
  readonly action?: string;
  readonly description?: string;
  readonly rateLimitOptions?: ApiObject;
  readonly match?: {
    readonly expr?: { readonly expression?: string };
    readonly config?: { readonly srcIpRanges?: readonly string[] };
  };
}
interface SecurityPolicy extends ApiObject {
  readonly rules?: readonly Rule[];
  readonly type?: string;
}

const LIMITS = page('armor/quotas#limits');
const RULES = schemaText('compute.v1#SecurityPolicy.rules');
const RATE_LIMIT = schemaText('compute.v1#SecurityPolicyRule.rateLimitOptions');
const LOWEST_PRIORITY = 2_147_483_647;
const DEFAULT_RULE: Rule = {
  kind: 'compute#securityPolicyRule',
  priority: LOWEST_PRIORITY,
  action: 'allow',
  preview: false,
  description: 'default rule',
  match: { config: { srcIpRanges: ['*'] } },
};

export const SECURITY_POLICIES: Kind = kind<SecurityPolicy>({
  check: ({ rules = [] }) => checkRules(rules),
  defaults: ({ type, rules }, { world }) => ({
    kind: 'compute#securityPolicy',
    type: type ?? 'CLOUD_ARMOR',
    labelFingerprint: world.fingerprint(),
    rules: rules ?? [{ ...DEFAULT_RULE, match: { versionedExpr: 'SRC_IPS_V1', ...DEFAULT_RULE.match } }],
  }),
});

export const SECURITY_METHODS: Readonly<Record<string, CustomMethod>> = {
  'securityPolicies.addRule': (call, engine, note) =>
    edit(call, engine, note, (rules) => [...rules, call.body as Rule]),
  'securityPolicies.patchRule': (call, engine, note) =>
    edit(call, engine, note, (rules) =>
      rules.map((rule) => (isRequested(rule, call) ? { ...rule, ...call.body } : rule)),
    ),
  'securityPolicies.removeRule': (call, engine, note) =>
    edit(call, engine, note, (rules) => rules.filter((rule) => !isRequested(rule, call))),
};

function edit(
  call: ApiCall,
  engine: Engine,
  note: Note,
  change: (rules: readonly Rule[]) => readonly Rule[],
): unknown {
  const name = `projects/${call.values['project']}/global/securityPolicies/${call.values['securityPolicy']}`;
  const policy = engine.read('compute', name) as SecurityPolicy;
  const rules = change(policy.rules ?? []);
  checkRules(rules);
  return engine.replace(call, note, name, { ...policy, rules }, 'update');
}

function isRequested({ priority }: Rule, { query }: ApiCall): boolean {
  return priority === Number(query.get('priority'));
}

function checkRules(rules: readonly Rule[]): void {
  const priorities = rules.map(({ priority }) => priority);
  if (new Set(priorities).size !== priorities.length) invalid('two rules have the same priority', RULES);
  const isDefault = ({ priority, match }: Rule) =>
    priority === LOWEST_PRIORITY && match?.config?.srcIpRanges?.includes('*');
  if (rules.length > 0 && !rules.some(isDefault))
    invalid('the default rule with priority 2147483647 is missing', RULES);
  for (const { match, action, rateLimitOptions, description = '' } of rules) {
    if ((match?.expr?.expression ?? '').length > 2_048)
      invalid('an expression has at most 2,048 characters', LIMITS);
    if (description.length > 64) invalid('the description of a rule has at most 64 characters', LIMITS);
    if (['throttle', 'rate_based_ban'].includes(action ?? '') && rateLimitOptions === undefined)
      invalid(`${action} needs rateLimitOptions`, RATE_LIMIT);
  }
}
