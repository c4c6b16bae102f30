import { checkCatalogue, type CheckedCatalogue } from '../../model/catalogue/load';
import { readMeshConfig } from '../../model/source/read-folder';
import { today } from '../../tools/catalogue';

/** The catalogue of this repository, today. With violations, environments may be missing. */
export function ownCatalogue(): CheckedCatalogue {
  return checkCatalogue(readMeshConfig('mesh-config'), today());
}

export interface AuditedState {
  readonly title: string;
  readonly catalogue: CheckedCatalogue;
}

/** As `verify edits` passes them in AUDITED_STATES, so that one process audits many states of a catalogue. */
interface GivenState {
  readonly title: string;
  /** Folder of the catalogue. */
  readonly config: string;
  /** As `2030-01-31`. */
  readonly today: string;
  /** Names of those to audit. */
  readonly environments: readonly string[];
}

/** The own catalogue, unless AUDITED_STATES has others. */
export function auditedStates(): readonly AuditedState[] {
  const given = process.env['AUDITED_STATES'];
  if (given === undefined) return [{ title: 'mesh-config', catalogue: ownCatalogue() }];
  return (JSON.parse(given) as GivenState[]).map(({ title, config, today: day, environments }) => {
    const catalogue = checkCatalogue(readMeshConfig(config), day);
    const audited = catalogue.environments.filter(({ name }) => environments.includes(name));
    return { title, catalogue: { ...catalogue, environments: audited } };
  });
}
