/** Runs the rules over every environment and finds the place of each violation in the files. */
import type { Environment, Waiver } from '../environment';
import { RULES } from '../rules';
import type { Rule, Violation } from '../rules/rule';
import type { WaiverSpec } from '../schema/waiver-schema';
import type { Fault } from '../source/fault';
import type { SourceKind } from '../source/read-folder';
import { choices } from '../source/suggest';
import type { Path, YamlDocument } from '../source/yaml-document';
import { locate } from './parse';

/** A file that may carry waivers. */
export interface WaivingFile {
  readonly kind: SourceKind;
  readonly name: string;
  readonly document: YamlDocument;
  readonly waivers: readonly WaiverSpec[];
}

export interface RuleOutcome {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly waivers: readonly Waiver[];
}

/** A finding, and every environment that has it. */
interface Found {
  readonly rule: Rule;
  readonly fault: Fault;
  readonly names: string[];
  readonly inTheirFile: boolean;
}

/**
 * @param files every service, third party and environment
 * @param today as `2030-01-31`; a waiver holds on its last day
 */
export function checkRules(
  environments: readonly Environment[],
  files: readonly WaivingFile[],
  today: string,
): RuleOutcome {
  const byName = new Map(files.map((file) => [`${file.kind} ${file.name}`, file]));
  const register = new WaiverRegister(files, today);
  const found = new Map<string, Found>();

  for (const environment of environments) {
    for (const rule of RULES) {
      for (const violation of rule.check(environment, environments)) {
        if (register.waives(violation, rule)) continue;
        const fault = faultOf(violation, rule, environment, byName);
        const key = JSON.stringify(fault);
        const inTheirFile =
          fault.file === byName.get(`environment ${environment.name}`)?.document.source.file;
        const same = found.get(key);
        if (same === undefined) found.set(key, { rule, fault, names: [environment.name], inTheirFile });
        else same.names.push(environment.name);
      }
    }
  }

  const located = [...found.values()].map(({ rule, fault, names, inTheirFile }) => ({
    severity: rule.severity,
    // Worth saying only where the environments differ, and the place does not say it.
    fault: names.length === environments.length || inTheirFile ? fault : withEnvironments(fault, names),
  }));
  const told = (severity: Rule['severity']) =>
    located.filter((finding) => finding.severity === severity).map(({ fault }) => fault);
  return {
    errors: [...register.faults, ...told('error')],
    warnings: [...told('warning'), ...register.unused()],
    waivers: register.inForce,
  };
}

/** At the environment's override where it has one, since that is what its author must change. */
function faultOf(
  { kind, name, path, message, remedy }: Violation,
  rule: Rule,
  environment: Environment,
  files: ReadonlyMap<string, WaivingFile>,
): Fault {
  const finding = { path, rule: message, remedy: remedy ?? rule.remedy };
  const overriding = files.get(`environment ${environment.name}`)?.document;
  const prefix: Path = ['services', name];
  const document =
    kind === 'service' && overriding?.has([...prefix, ...path])
      ? { source: overriding, prefix }
      : { source: files.get(`${kind} ${name}`)?.document, prefix: [] };
  if (document.source === undefined) throw new Error(`${rule.id} names ${kind} '${name}', which has no file`);
  return { ...locate(document.source, finding, document.prefix), ruleId: rule.id };
}

function withEnvironments(fault: Fault, names: readonly string[]): Fault {
  return { ...fault, rule: `${fault.rule} (in ${names.join(', ')})` };
}

/** Knows which rule is waived where, and which waivers are wrong or idle. */
class WaiverRegister {
  readonly faults: Fault[] = [];
  readonly inForce: Waiver[] = [];
  private readonly used = new Set<string>();
  private readonly places = new Map<string, { readonly file: WaivingFile; readonly index: number }>();

  constructor(files: readonly WaivingFile[], today: string) {
    const known = RULES.map(({ id }) => id);
    for (const file of files) {
      for (const [index, waiver] of file.waivers.entries()) {
        const tell = (key: keyof WaiverSpec, rule: string, remedy: string) =>
          this.faults.push(locate(file.document, { path: ['waivers', index, key], rule, remedy }));
        if (!known.includes(waiver.rule)) {
          tell('rule', `'${waiver.rule}' is no rule`, choices(waiver.rule, known));
        } else if (waiver.expires < today) {
          tell(
            'expires',
            `the waiver of ${waiver.rule} expired on ${waiver.expires}`,
            'put right what it waives',
          );
        } else {
          this.inForce.push({ ...waiver, file: file.document.source.file });
          this.places.set(keyOf(file, waiver.rule), { file, index });
        }
      }
    }
  }

  waives(violation: Violation, { id }: Rule): boolean {
    const key = keyOf(violation, id);
    if (!this.places.has(key)) return false;
    this.used.add(key);
    return true;
  }

  /** A waiver that outlives its violation would hide the next one. */
  unused(): Fault[] {
    return [...this.places]
      .filter(([key]) => !this.used.has(key))
      .map(([, { file, index }]) =>
        locate(file.document, {
          path: ['waivers', index, 'rule'],
          rule: `${file.waivers[index]?.rule ?? ''} is waived and not broken`,
          remedy: 'remove the waiver',
        }),
      );
  }
}

function keyOf({ kind, name }: { readonly kind: SourceKind; readonly name: string }, rule: string): string {
  return `${kind} ${name} ${rule}`;
}
