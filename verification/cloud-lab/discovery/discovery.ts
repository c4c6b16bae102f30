import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, type Document, type Method } from './document';

export interface MatchedMethod {
  readonly document: Document;
  readonly method: Method;
  /** Decoded parameters of the path. */
  readonly values: Readonly<Record<string, string>>;
}

/** Finds the method that a request calls. Documents are read on first use. */
export class Discovery {
  private readonly loaded = new Map<string, readonly Document[]>();
  private readonly files: readonly string[];

  /** @param folder with `<api>.<version>.json` */
  constructor(private readonly folder: string) {
    this.files = readdirSync(folder).sort();
  }

  /** Every version of one API: `monitoring` has v1 and v3. */
  documents(api: string): readonly Document[] {
    let documents = this.loaded.get(api);
    if (documents === undefined) {
      const names = this.files.filter((file) => file.startsWith(`${api}.`));
      documents = names.map((name) => readDocument(join(this.folder, name)));
      this.loaded.set(api, documents);
    }
    return documents;
  }

  /** @param path of the URL, without its leading slash */
  match(api: string, verb: string, path: string): MatchedMethod | undefined {
    return matchMethod(this.documents(api), verb, path);
  }
}

export function matchMethod(
  documents: readonly Document[],
  verb: string,
  path: string,
): MatchedMethod | undefined {
  for (const document of documents)
    for (const method of document.methods) {
      if (method.httpMethod !== verb) continue;
      const found = method.expression.exec(path);
      if (found === null) continue;
      const values = Object.fromEntries(
        method.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]),
      );
      if (matchesPatterns(document, method, values)) return { document, method, values };
    }
  return undefined;
}

/**
 * Newer documents distinguish resources by the pattern of `name`. Compute's patterns refuse names that it accepts,
 * such as ids.
 */
function matchesPatterns(document: Document, method: Method, values: MatchedMethod['values']): boolean {
  if (document.name === 'compute') return true;
  return method.names.every((name) => {
    const pattern = method.parameters?.[name]?.pattern;
    return pattern === undefined || new RegExp(pattern).test(values[name] ?? '');
  });
}
