export type Changes = Readonly<Record<string, string | null>>;

/** The smallest edit that breaks a rule, what its author reads, and the edit that stops just short of it. */
export interface RuleCase {
  readonly rule: string;
  readonly breaks: Changes;
  readonly finding: string;
  readonly inside: Changes;
}

export const WEB = 'services/web.yaml';
export const CART = 'services/cart.yaml';
export const STOCK = 'services/stock.yaml';
export const BANK = 'external/bank.yaml';
export const TEST = 'environments/test.yaml';
export const RELEASE = 'releases/test.yaml';
