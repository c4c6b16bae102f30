import { describe, type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { sameJson } from './same-json';

const LONGEST_VALUE = 120;

/**
 * Reads the fields of an object and remembers which. What is left when all judges of the kind are done is explained by
 * nothing in the catalogue, and is a finding: so a field that nobody thought of cannot pass.
 */
export class Inspection {
  private readonly judged = new Map<string, 'whole' | readonly Inspection[]>();

  private constructor(
    private readonly node: unknown,
    private readonly where: string,
    private readonly findings: string[],
  ) {}

  /** Kind, name and namespace are judged by the inventory. */
  static of(object: KubernetesManifest, findings: string[]): Inspection {
    const inspection = new Inspection(object, `${describe(object)}:`, findings);
    inspection.neutral('apiVersion', 'kind');
    inspection.child('metadata').neutral('name', 'namespace');
    return inspection;
  }

  /** The field, which counts as judged. */
  get(key: string): unknown {
    this.judged.set(key, 'whole');
    return this.value(key);
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  text(key: string): string {
    const value = this.get(key);
    return typeof value === 'string' ? value : '';
  }

  number(key: string): number {
    const value = this.get(key);
    return typeof value === 'number' ? value : Number.NaN;
  }

  /** @param expected undefined: the field must be absent */
  is(key: string, expected: unknown): void {
    const actual = this.get(key);
    if (!sameJson(actual, expected)) this.finding(`${key} is ${print(actual)} instead of ${print(expected)}`);
  }

  /** A list whose order has no meaning. */
  isSet(key: string, expected: readonly string[]): void {
    const actual = this.get(key);
    const items = Array.isArray(actual) ? (actual as string[]) : [];
    if (!sameJson([...items].sort(), [...expected].sort()))
      this.finding(`${key} is ${print(actual)} instead of ${print(expected)}`);
  }

  /** For settings of the platform, which the catalogue does not declare: any value in the range serves the purpose. */
  between(key: string, lowest: number, highest: number, purpose: string): void {
    const value = this.number(key);
    if (!(value >= lowest && value <= highest))
      this.finding(`${key} is ${print(this.value(key))}, not from ${lowest} to ${highest}: ${purpose}`);
  }

  /** Fields without an effect on the running mesh, whatever their value. */
  neutral(...keys: readonly string[]): void {
    for (const key of keys) this.judged.set(key, 'whole');
  }

  child(key: string): Inspection {
    const known = this.judged.get(key);
    if (known !== undefined && known !== 'whole' && known[0] !== undefined) return known[0];
    const inner = new Inspection(this.value(key), `${this.where} ${key}`, this.findings);
    this.judged.set(key, [inner]);
    return inner;
  }

  items(key: string): Inspection[] {
    const value = this.value(key);
    const list = Array.isArray(value) ? (value as unknown[]) : [];
    const inner = list.map(
      (item, index) => new Inspection(item, `${this.where} ${key}[${index}]`, this.findings),
    );
    this.judged.set(key, inner);
    return inner;
  }

  /** Exactly so many items; missing ones are inspected as empty, so that each of their fields is missing. */
  exactly(key: string, count: number): Inspection[] {
    const items = this.items(key);
    if (items.length !== count) this.finding(`${key} has ${items.length} items instead of ${count}`);
    while (items.length < count)
      items.push(new Inspection(undefined, `${this.where} ${key}[${items.length}]`, this.findings));
    this.judged.set(key, items);
    return items;
  }

  /** An object that is JSON in a text. */
  json(key: string): Inspection {
    const text = this.get(key);
    return new Inspection(parsed(text), `${this.where} ${key}`, this.findings);
  }

  finding(text: string): void {
    this.findings.push(`${this.where} ${text}`);
  }

  /** Reports every field that was not judged. Call it last. */
  close(): void {
    if (typeof this.node !== 'object' || this.node === null) {
      if (this.node !== undefined && this.judged.size === 0)
        this.finding(`${print(this.node)} is not explained`);
      return;
    }
    for (const [key, value] of Object.entries(this.node)) {
      const judged = this.judged.get(key);
      if (judged === undefined && value !== undefined)
        this.finding(`${key} is not explained: ${print(value)}`);
      else if (judged !== undefined && judged !== 'whole') judged.forEach((inner) => inner.close());
    }
  }

  private value(key: string): unknown {
    return typeof this.node === 'object' && this.node !== null
      ? (this.node as Record<string, unknown>)[key]
      : undefined;
  }
}

function print(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined
    ? 'missing'
    : text.length > LONGEST_VALUE
      ? `${text.slice(0, LONGEST_VALUE)}…`
      : text;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
