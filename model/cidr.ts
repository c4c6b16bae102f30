/** Overlap of IPv4 ranges. */

interface Range {
  readonly first: number;
  readonly last: number;
}

export function cidrsOverlap(left: string, right: string): boolean {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  return a.first <= b.last && b.first <= a.last;
}

export function cidrContains(cidr: string, address: string): boolean {
  return cidrsOverlap(cidr, `${address}/32`);
}

function rangeOf(cidr: string): Range {
  const [address = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}
