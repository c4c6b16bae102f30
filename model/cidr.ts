/** IPv4 ranges: overlap, size, and whether they are private. */
import { IPv4 } from 'ipaddr.js';

export function cidrsOverlap(left: string, right: string): boolean {
  const [[one, oneBits], [other, otherBits]] = [IPv4.parseCIDR(left), IPv4.parseCIDR(right)];
  return one.match(other, Math.min(oneBits, otherBits));
}

export function cidrContains(cidr: string, address: string): boolean {
  return IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}

/** Whether every address of the range is in one of the others. */
export function cidrWithin(cidr: string, others: readonly string[]): boolean {
  const [address, bits] = IPv4.parseCIDR(cidr);
  return others.some((other) => {
    const [start, otherBits] = IPv4.parseCIDR(other);
    return otherBits <= bits && address.match(start, otherBits);
  });
}

export function prefixLength(cidr: string): number {
  return IPv4.parseCIDR(cidr)[1];
}

/** Number of addresses of the range. */
export function cidrSize(cidr: string): number {
  return 2 ** (32 - prefixLength(cidr));
}

/** The range from its first address: `10.0.0.0/20` for `10.0.1.0/20`. */
export function canonicalCidr(cidr: string): string {
  return `${IPv4.networkAddressFromCIDR(cidr).toString()}/${prefixLength(cidr)}`;
}

/** Position of the address in the range, from 0. */
export function indexInCidr(cidr: string, address: string): number {
  return numberOf(IPv4.parse(address)) - numberOf(IPv4.networkAddressFromCIDR(cidr));
}

/** Prefix length of the smallest range with so many addresses. */
export function prefixFor(addresses: number): number {
  return 32 - Math.ceil(Math.log2(addresses));
}

function numberOf(address: IPv4): number {
  return address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
