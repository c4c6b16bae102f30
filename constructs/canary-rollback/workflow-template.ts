/** `<<NAME>>`. Workflows' own expressions are `${…}`, so the two cannot be confused. */
const PLACEHOLDER = /<<(.*?)>>/g;

/**
 * Replaces each `<<NAME>>` of the template by its value.
 *
 * @param file name of the template, for errors
 * @throws Error if the template has a placeholder without a value, or if a value has no placeholder: a name that only
 * one of two parties uses is a mistake
 */
export function fillPlaceholders(
  file: string,
  template: string,
  values: Readonly<Record<string, string | number>>,
): string {
  const unused = new Set(Object.keys(values));
  const filled = template.replace(PLACEHOLDER, (placeholder, name: string) => {
    if (!Object.hasOwn(values, name))
      throw new Error(`${file}: placeholder ${placeholder} has no value; add one, or correct its name`);
    unused.delete(name);
    return String(values[name]);
  });
  if (filled.includes('<<'))
    throw new Error(`${file}: a placeholder that begins with << is not closed by >> on the same line`);
  const [first] = unused;
  if (first !== undefined)
    throw new Error(`${file}: no placeholder <<${first}>> is in the file; add it, or remove its value`);
  return filled;
}
