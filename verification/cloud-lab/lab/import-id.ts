/** Import ids of resources, from the runbook's table and the stack's configuration. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isApiObject, type ApiObject } from '../engine/json';

interface Place {
  readonly projectId: string;
  readonly projectNumber: string;
  readonly region: string;
}
type Resources = Readonly<Record<string, Readonly<Record<string, ApiObject>>>>;

export class ImportIds {
  private readonly resources: Resources;

  /** @param folder of the synthesized stack */
  constructor(
    private readonly templates: ReadonlyMap<string, string>,
    private readonly place: Place,
    folder: string,
  ) {
    const text = readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
    this.resources = (JSON.parse(text) as { resource: Resources }).resource;
  }

  /** @throws Error if the runbook does not list the type, or the resource lacks an argument */
  of(address: string): string {
    const [type = '', name = ''] = address.split('.');
    const template = this.templates.get(type);
    if (template === undefined) throw new Error(`the runbook has no import id for ${type}`);
    const resource = this.resources[type]?.[name] ?? {};
    return template.replace(/\b[A-Z][A-Z_]*\b/g, (word) => this.value(word, resource, address));
  }

  private value(word: string, resource: ApiObject, address: string): string {
    const { projectId, projectNumber, region } = this.place;
    const fixed: Readonly<Record<string, string>> = {
      P: projectId,
      R: region,
      PROJECT_NUMBER: projectNumber,
    };
    const value = fixed[word] ?? this.argument(resource, word.toLowerCase());
    if (value === undefined) throw new Error(`${address} has no argument ${word.toLowerCase()}`);
    return value;
  }

  /** Of a manifest, `name` and `namespace` are part of its metadata. */
  private argument(resource: ApiObject, name: string): string | undefined {
    const { manifest } = resource;
    if (isApiObject(manifest)) {
      const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      const metadata = isApiObject(manifest['metadata']) ? manifest['metadata'] : {};
      return textOf(manifest[camel] ?? metadata[camel]);
    }
    const text = textOf(resource[name]);
    return text?.replace(/\$\{(\w+\.\w+)\.(\w+)\}/g, (_, address: string, attribute: string) => {
      if (attribute === 'id') return this.of(address);
      const [type = '', id = ''] = address.split('.');
      return this.argument(this.resources[type]?.[id] ?? {}, attribute) ?? '';
    });
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
