import type { Source } from './source';

export interface ErrorDetail {
  readonly '@type': string;
  readonly [field: string]: unknown;
}

/** An error response of Google's, with the source that documents it. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
    readonly source: Source,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }
}

export function refuse(
  code: number,
  status: string,
  message: string,
  source: Source,
  details?: readonly ErrorDetail[],
): never {
  throw new Refusal(code, status, message, source, details);
}

/** 400 INVALID_ARGUMENT */
export function invalid(message: string, source: Source): never {
  throw new Refusal(400, 'INVALID_ARGUMENT', message, source);
}

/** 400 FAILED_PRECONDITION */
export function notNow(message: string, source: Source): never {
  throw new Refusal(400, 'FAILED_PRECONDITION', message, source);
}
