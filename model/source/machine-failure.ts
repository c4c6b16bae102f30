/** Failures of the machine, such as a full disk or missing permissions, in one sentence that says what to do. */

/** The part of Node's system errors that is read here. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

const SENTENCES: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `${path} does not exist; create it or correct the path`,
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: (path) => `${path} is on a read-only file system; choose another path`,
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  EFBIG: noSpace,
  EEXIST: (path) => `${path} exists already and is not a folder; remove it or choose another path`,
  ENOTDIR: (path) => `a folder in the path of ${path} is a file; remove the file or choose another path`,
  EISDIR: (path) => `${path} is a folder; name a file`,
  EMFILE: () => "too many files are open; raise the limit with 'ulimit -n'",
  ENFILE: () => 'the machine has too many open files; end other programs',
};

/** Undefined for any other error, such as an error of the program. */
export function machineFailureOf(error: unknown): string | undefined {
  if (!isSystemError(error)) return undefined;
  const path = error.path === undefined ? 'the file' : `'${error.path}'`;
  const sentence = SENTENCES[error.code];
  return sentence === undefined
    ? `${error.syscall} failed for ${path} (${error.code}); check the path and the disk`
    : sentence(path);
}

function isSystemError(error: unknown): error is SystemError {
  return (
    error instanceof Error &&
    'syscall' in error &&
    typeof error.syscall === 'string' &&
    'code' in error &&
    typeof error.code === 'string'
  );
}

function noPermission(path: string): string {
  return `no permission for ${path}; change its owner or permissions, or choose another path`;
}

function noSpace(path: string): string {
  return `no space is left on the disk for ${path}; free some space and repeat the command`;
}
