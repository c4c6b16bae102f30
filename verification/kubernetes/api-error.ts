/** A refusal by the API server, in its own words. */
export class ApiError extends Error {
  constructor(
    /** HTTP status: 403 for RBAC and admission policies, 409 for conflicts, 422 for what validation refuses. */
    readonly code: number,
    /** Machine-readable: `Forbidden`, `Conflict`, `Invalid`, `NotFound`, `AlreadyExists`, `BadRequest`. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
