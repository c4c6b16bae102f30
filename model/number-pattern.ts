/**
 * Regular expression (RE2) of the decimal numbers above `limit`, with any leading zeros.
 *
 * @param limit a non-negative integer
 */
export function numbersAbove(limit: number): string {
  const digits = String(limit);
  const longer = `[1-9][0-9]{${digits.length},}`;
  const sameLength = [...digits].flatMap((digit, index) => {
    if (digit === '9') return [];
    const next = Number(digit) + 1;
    const rest = digits.length - index - 1;
    const higher = next === 9 ? '9' : `[${next}-9]`;
    return [`${digits.slice(0, index)}${higher}${rest === 0 ? '' : `[0-9]{${rest}}`}`];
  });
  return `0*(${[longer, ...sameLength].join('|')})`;
}
