import { UsageError } from '../../tools/command-line';

/** A {@link UsageError} of a lab. */
export class LabError extends UsageError {}
