import { lastSegment } from '../engine/json';

const BASE = 'https://www.googleapis.com/compute/v1/';

/** Name below the version of a link or name. */
export function nameOfLink(link: string): string {
  return link.replace(/^https:\/\/[^/]+\/compute\/v1\//, '');
}

export function linkOf(name: string): string {
  return `${BASE}${nameOfLink(name)}`;
}

/** Link of the region in a resource's name. */
export function regionLink(name: string): string {
  return linkOf(/projects\/[^/]+\/regions\/[^/]+/.exec(name)?.[0] ?? name);
}

export function regionName(name: string): string {
  return lastSegment(regionLink(name));
}

/** True if two IPv4 ranges such as `10.0.0.0/16` share an address. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [rangeOf(one), rangeOf(other)];
  return first.start < second.end && second.start < first.end;
}

/** First usable address of the range. */
export function gatewayOf(range: string): string {
  return range.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1));
}

function rangeOf(range: string): { readonly start: number; readonly end: number } {
  const [address = '', length = '32'] = range.split('/');
  const size = 2 ** (32 - Number(length));
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = Math.floor(number / size) * size;
  return { start, end: start + size };
}
