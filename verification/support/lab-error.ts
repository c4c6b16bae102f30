/** Something the caller can put right; shown as one sentence, without a stack trace. */
export class LabError extends Error {}
