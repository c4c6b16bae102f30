/** Checks the rules for every environment and locates each violation in a file. */
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

/** A violation and the environments that have it. */
interface FoundViolation {
  readonly rule: Rule;
  readonly locatedViolation: Violation;
  readonly names: string[];
  readonly inEnvironmentFile: boolean;
}

/**
 * @param files files of every service, third party, environment and release
 * @param today as `2030-01-31`; a waiver is valid on its expiry day
 */
export function checkRules(
  environments: readonly Environment[],
  files: readonly WaivingFile[],
  today: string,
): RuleOutcome {
  const byName = new Map(files.map((file) => [`${file.kind} ${file.name}`, file]));
  const register = new WaiverRegister(files, today);
  const found = new Map<string, FoundViolation>();

  for (const environment of environments) {
    for (const rule of RULES) {
      for (const violation of rule.check(environment, environments)) {
        if (register.waives(violation, rule)) continue;
        const locatedViolation = locateViolation(violation, rule, environment, byName);
        const key = JSON.stringify(locatedViolation);
        const inEnvironmentFile = (['environment', 'release'] as const).some(
          (kind) => locatedViolation.file === byName.get(`${kind} ${environment.name}`)?.document.source.file,
        );
        const same = found.get(key);
        if (same === undefined)
          found.set(key, { rule, locatedViolation, names: [environment.name], inEnvironmentFile });
        else same.names.push(environment.name);
      }
    }
  }

  const located = [...found.values()].map(({ rule, locatedViolation, names, inEnvironmentFile }) => ({
    severity: rule.severity,
    // The environments are named only if not all have it, and the file does not show which.
    locatedViolation:
      names.length === environments.length || inEnvironmentFile
        ? locatedViolation
        : withEnvironments(locatedViolation, names),
  }));
  const withSeverity = (severity: Rule['severity']) =>
    located
      .filter((finding) => finding.severity === severity)
      .map(({ locatedViolation }) => locatedViolation);
  return {
    errors: [...register.violations, ...withSeverity('error')],
    warnings: [...withSeverity('warning'), ...register.unused()],
    waivers: register.inForce,
  };
}

/** At the environment's override if it has one, because that value must change. */
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
  if (document.source === undefined)
    throw new Error(`${rule.id} reports ${kind} '${name}', which has no file`);
  return { ...locate(document.source, finding, document.prefix), ruleId: rule.id };
}

function withEnvironments(locatedViolation: Violation, names: readonly string[]): Violation {
  return { ...locatedViolation, rule: `${locatedViolation.rule} (in ${names.join(', ')})` };
}

/** Finds the waiver of a violation, and reports invalid, expired and unused waivers. */
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
          report('rule', `'${waiver.rule}' is not a known rule`, choices(waiver.rule, known));
        } else if (waiver.expires < today) {
          report(
            'expires',
            `the waiver of ${waiver.rule} expired on ${waiver.expires}`,
            'fix the violation and remove the waiver',
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

  /** An unused waiver would hide a later violation. */
  unused(): Violation[] {
    return [...this.places]
      .filter(([key]) => !this.used.has(key))
      .map(([, { file, index }]) =>
        locate(file.document, {
          path: ['waivers', index, 'rule'],
          rule: `the waiver of ${file.waivers[index]?.rule ?? ''} has no violation`,
          fix: 'remove the waiver',
        }),
      );
  }
}

/** Pipelines write release files, so the environment file has their waivers. */
function keyOf({ kind, name }: { readonly kind: SourceKind; readonly name: string }, rule: string): string {
  return `${kind === 'release' ? 'environment' : kind} ${name} ${rule}`;
}
