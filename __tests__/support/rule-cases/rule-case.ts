export type Changes = Readonly<Record<string, string | null>>;

/** The smallest violating edit with its message, and the largest edit within the limit. */
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
