import { GATE } from '../../model/gate';
import { PROMOTION_RULE } from '../../model/release/promotion';
import { TRANSITION_RULES } from '../../model/release/transition-rules';
import { RULES } from '../../model/rules';
import type { RuleFacts } from '../../model/rules/rule';

/** Every rule for the catalogue, for changes of releases, and for the synthesized JSON. */
export const EVERY_RULE: readonly RuleFacts[] = [...RULES, ...TRANSITION_RULES, PROMOTION_RULE, ...GATE];

/** One paragraph per rule. */
export function renderRules(rules: readonly RuleFacts[] = EVERY_RULE): string {
  return rules
    .map(
      ({ id, severity, title, rationale, fix, source }) =>
        `${id}  ${severity.padEnd(7)}  ${title}\n    ${rationale}\n    Fix: ${fix}.\n    ${source}`,
    )
    .join('\n\n');
}

export function rulesAsJson(): string {
  return JSON.stringify(EVERY_RULE.map(factsOf), null, 2);
}

/** Drops the function of a rule. */
function factsOf({ id, title, severity, rationale, source, fix }: RuleFacts): RuleFacts {
  return { id, title, severity, rationale, source, fix };
}
