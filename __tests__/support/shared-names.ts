/**
 * Names that two parties must agree on, read from each party's part of the synthesized JSON, and renamed on one side
 * only to test that the comparison notices.
 */

/** A JSON value. */
export type Tree = any;

/** Where one party has the names. */
export interface Place {
  readonly party: string;
  /** Keys from the root, separated by spaces. `*` is every key; keys that do not exist are skipped. */
  readonly path: string;
  /** Whether the names are in the keys of the object there, or in the texts inside it. @default 'texts' */
  readonly in?: 'keys' | 'texts';
  /** Global; each match is a name. @default the whole text */
  readonly pattern?: RegExp;
}

export interface SharedName {
  readonly name: string;
  /** If the path has several objects, each of them has to have the name. */
  readonly definedBy: Place;
  readonly usedBy: readonly Place[];
}

/** Names in the texts inside the object at the path. */
export function texts(party: string, path: string, pattern?: RegExp): Place {
  return { party, path, ...(pattern && { pattern }) };
}

/** Names in the keys of the object at the path. */
export function keys(party: string, path: string, pattern?: RegExp): Place {
  return { party, path, in: 'keys', ...(pattern && { pattern }) };
}

interface Text {
  readonly text: string;
  readonly replace: (renamed: string) => void;
}

/** What the parties disagree on; empty if they agree. */
export function disagreements(tree: Tree, { name, definedBy, usedBy }: SharedName): string[] {
  const definitions = namesByObject(tree, definedBy);
  if (definitions.length === 0) return [`${name}: ${definedBy.party} does not define it`];
  return usedBy.flatMap((use) => {
    const used = new Set(namesByObject(tree, use).flat());
    if (used.size === 0) return [`${name}: ${use.party} does not use it`];
    return [...used]
      .filter((one) => !definitions.every((names) => names.includes(one)))
      .map((one) => `${name}: ${use.party} uses '${one}', which ${definedBy.party} does not define`);
  });
}

/** Copies of the tree, each with one shared name renamed once, on one side only. */
export function* halfRenames(tree: Tree, { definedBy, usedBy }: SharedName): Generator<[string, Tree]> {
  const used = new Set(usedBy.flatMap((use) => namesByObject(tree, use).flat()));
  for (const place of [definedBy, ...usedBy]) {
    const names = new Set(namesByObject(tree, place).flat());
    for (const name of names) {
      if (!used.has(name)) continue;
      const copy = structuredClone(tree);
      renameFirst(copy, place, name);
      yield [`'${name}' renamed in ${place.party} (${place.path})`, copy];
    }
  }
}

function namesByObject(tree: Tree, place: Place): string[][] {
  return objectsAt(tree, place.path)
    .map(([parent, key]) =>
      textsOf(parent, key, place.in ?? 'texts').flatMap(({ text }) => matches(text, place)),
    )
    .filter((names) => names.length > 0);
}

function renameFirst(tree: Tree, place: Place, name: string): void {
  const texts = objectsAt(tree, place.path).flatMap(([parent, key]) =>
    textsOf(parent, key, place.in ?? 'texts'),
  );
  const found = texts.find(({ text }) => matches(text, place).includes(name));
  let isDone = false;
  found?.replace(
    found.text.replace(place.pattern ?? /^.*$/g, (match) => {
      if (match !== name || isDone) return match;
      isDone = true;
      return `${name}x`;
    }),
  );
}

function matches(text: string, { pattern = /^.+$/g }: Place): string[] {
  return [...text.matchAll(pattern)].map(([match]) => match);
}

function objectsAt(tree: Tree, path: string): [parent: Tree, key: string][] {
  const root: [Tree, string] = [{ root: tree }, 'root'];
  return path.split(' ').reduce<[Tree, string][]>(
    (found, step) =>
      found.flatMap(([parent, key]) => {
        const value = parent[key];
        if (typeof value !== 'object' || value === null) return [];
        const keys = step === '*' ? Object.keys(value) : [step].filter((one) => one in value);
        return keys.map((one): [Tree, string] => [value, one]);
      }),
    [root],
  );
}

function textsOf(parent: Tree, key: string, where: 'keys' | 'texts'): Text[] {
  const value = parent[key];
  if (where === 'keys')
    return Object.keys(value).map((text) => ({
      text,
      replace: (renamed) => {
        value[renamed] = value[text];
        delete value[text];
      },
    }));
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).flatMap((inner) => textsOf(value, inner, 'texts'));
  return [{ text: String(value), replace: (renamed) => (parent[key] = renamed) }];
}
