/** `1s`, `800ms` and `300s` are times of any unit. */
export function istioMilliseconds(text: unknown): number {
  const [, number = 'x', unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(String(text)) ?? [];
  return Number(number) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit ?? ''] ?? Number.NaN);
}
