/** Refuses methods whose permission the account's roles do not have. */
export interface Permissions {
  /** @throws Refusal */
  require(account: string, method: string, resource: string): void;
}
