/** Formats of discovery documents. @see https://developers.google.com/discovery/v1/type-format */
const INTEGER = /^-?\d+$/;
const DAY_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  int32: (text) => INTEGER.test(text) && within(text, -(2n ** 31n), 2n ** 31n - 1n),
  uint32: (text) => INTEGER.test(text) && within(text, 0n, 2n ** 32n - 1n),
  int64: (text) => INTEGER.test(text) && within(text, -(2n ** 63n), 2n ** 63n - 1n),
  uint64: (text) => INTEGER.test(text) && within(text, 0n, 2n ** 64n - 1n),
  double: (text) => text.trim() !== '' && !Number.isNaN(Number(text)),
  float: (text) => text.trim() !== '' && !Number.isNaN(Number(text)),
  byte: (text) => /^[A-Za-z0-9+/_-]*={0,2}$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text),
  'date-time': (text) => DAY_TIME.test(text),
  'google-datetime': (text) => DAY_TIME.test(text),
  'google-duration': (text) => /^-?\d+(\.\d{1,9})?s$/.test(text),
  'google-fieldmask': (text) => /^([A-Za-z0-9_.*]+(,[A-Za-z0-9_.*]+)*)?$/.test(text),
};

/** True for formats that are not known here. */
export function hasFormat(text: string, format: string | undefined): boolean {
  return format === undefined || (FORMATS[format]?.(text) ?? true);
}

function within(text: string, least: bigint, most: bigint): boolean {
  const value = BigInt(text);
  return value >= least && value <= most;
}
