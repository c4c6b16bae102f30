/** What a request has that its method's schema does not allow. */
export interface SchemaViolation {
  /** `conditions[0].conditionThreshold.duration`, `?updateMask` */
  readonly path: string;
  readonly message: string;
  /** Errors are refused; deprecated values are refused by the lab although Google may accept them for now. */
  readonly severity: 'error' | 'deprecated' | 'note';
}
