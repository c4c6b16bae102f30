/** Runs the rules over every environment and finds the place of each violation in the files. */
import type { Environment, Waiver } from '../environment';
import { RULES } from '../rules';
import type { Rule, RuleViolation } from '../rules/rule';
import type { WaiverSpec } from '../schema/waiver-schema';
import type { Violation } from '../source/violation';
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
  readonly errors: readonly Violation[];
  readonly warnings: readonly Violation[];
  readonly waivers: readonly Waiver[];
}

/** A finding, and every environment that has it. */
interface Found {
  readonly rule: Rule;
  readonly locatedViolation: Violation;
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
        const locatedViolation = locateViolation(violation, rule, environment, byName);
        const key = JSON.stringify(locatedViolation);
        const inTheirFile =
          locatedViolation.file === byName.get(`environment ${environment.name}`)?.document.source.file;
        const same = found.get(key);
        if (same === undefined)
          found.set(key, { rule, locatedViolation, names: [environment.name], inTheirFile });
        else same.names.push(environment.name);
      }
    }
  }

  const located = [...found.values()].map(({ rule, locatedViolation, names, inTheirFile }) => ({
    severity: rule.severity,
    // Worth saying only where the environments differ, and the place does not say it.
    locatedViolation:
      names.length === environments.length || inTheirFile
        ? locatedViolation
        : withEnvironments(locatedViolation, names),
  }));
  const found_ = (severity: Rule['severity']) =>
    located
      .filter((finding) => finding.severity === severity)
      .map(({ locatedViolation }) => locatedViolation);
  return {
    errors: [...register.violations, ...found_('error')],
    warnings: [...found_('warning'), ...register.unused()],
    waivers: register.inForce,
  };
}

/** At the environment's override where it has one, since that is what its author must change. */
function locateViolation(
  { kind, name, path, message, fix }: RuleViolation,
  rule: Rule,
  environment: Environment,
  files: ReadonlyMap<string, WaivingFile>,
): Violation {
  const finding = { path, rule: message, fix: fix ?? rule.fix };
  const overriding = files.get(`environment ${environment.name}`)?.document;
  const prefix: Path = ['services', name];
  const document =
    kind === 'service' && overriding?.has([...prefix, ...path])
      ? { source: overriding, prefix }
      : { source: files.get(`${kind} ${name}`)?.document, prefix: [] };
  if (document.source === undefined) throw new Error(`${rule.id} names ${kind} '${name}', which has no file`);
  return { ...locate(document.source, finding, document.prefix), ruleId: rule.id };
}

function withEnvironments(locatedViolation: Violation, names: readonly string[]): Violation {
  return { ...locatedViolation, rule: `${locatedViolation.rule} (in ${names.join(', ')})` };
}

/** Knows which rule is waived where, and which waivers are wrong or idle. */
class WaiverRegister {
  readonly violations: Violation[] = [];
  readonly inForce: Waiver[] = [];
  private readonly used = new Set<string>();
  private readonly places = new Map<string, { readonly file: WaivingFile; readonly index: number }>();

  constructor(files: readonly WaivingFile[], today: string) {
    const known = RULES.map(({ id }) => id);
    for (const file of files) {
      for (const [index, waiver] of file.waivers.entries()) {
        const report = (key: keyof WaiverSpec, rule: string, fix: string) =>
          this.violations.push(locate(file.document, { path: ['waivers', index, key], rule, fix }));
        if (!known.includes(waiver.rule)) {
          report('rule', `'${waiver.rule}' is no rule`, choices(waiver.rule, known));
        } else if (waiver.expires < today) {
          report(
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

  waives(violation: RuleViolation, { id }: Rule): boolean {
    const key = keyOf(violation, id);
    if (!this.places.has(key)) return false;
    this.used.add(key);
    return true;
  }

  /** A waiver that outlives its violation would hide the next one. */
  unused(): Violation[] {
    return [...this.places]
      .filter(([key]) => !this.used.has(key))
      .map(([, { file, index }]) =>
        locate(file.document, {
          path: ['waivers', index, 'rule'],
          rule: `${file.waivers[index]?.rule ?? ''} is waived and not broken`,
          fix: 'remove the waiver',
        }),
      );
  }
}

function keyOf({ kind, name }: { readonly kind: SourceKind; readonly name: string }, rule: string): string {
  return `${kind} ${name} ${rule}`;
}
