import { checkCatalogue, type CheckedCatalogue } from '../../model/catalogue/load';
import { readMeshConfig } from '../../model/source/read-folder';
import { today } from '../../tools/catalogue';

/** The catalogue of this repository, today. With violations, environments may be missing. */
export function ownCatalogue(): CheckedCatalogue {
  return checkCatalogue(readMeshConfig('mesh-config'), today());
}
