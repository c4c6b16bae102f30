/** What a request has that its method's schema does not allow. */
export interface SchemaViolation {
  /** `conditions[0].conditionThreshold.duration`, `?updateMask` */
  readonly path: string;
  readonly message: string;
  /** An error is refused. A deprecated field is served for now. An empty unknown field is a note. */
  readonly severity: 'error' | 'deprecated' | 'note';
}
