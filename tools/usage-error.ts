/** Something the caller can put right; shown without a stack trace. */
export class UsageError extends Error {}
