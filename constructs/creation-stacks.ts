import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';

/**
 * cdktf keeps the whole call stack of every attribute that a resource could be asked for, to say in an error
 * where a token was made: an eighth of synth, and half of it under jest, which maps each frame to its source.
 */
Object.assign(stackTrace, { captureStackTrace: () => [] });
