import type { RuleFacts } from '../rules/rule';

export const GATE: readonly RuleFacts[] = [];
