/** Overlap of IPv4 ranges. */
import { IPv4 } from 'ipaddr.js';

export function cidrsOverlap(left: string, right: string): boolean {
  const [[one, oneBits], [other, otherBits]] = [IPv4.parseCIDR(left), IPv4.parseCIDR(right)];
  return one.match(other, Math.min(oneBits, otherBits));
}

export function cidrContains(cidr: string, address: string): boolean {
  return IPv4.parse(address).match(IPv4.parseCIDR(cidr));
}
