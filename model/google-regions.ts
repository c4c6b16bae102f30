/**
 * Regions of Compute Engine and the letters of their zones, as of 2026-11-28. Google adds regions: extend the list, or
 * waive PLT-008 in the environment file until the list is extended.
 *
 * @see https://cloud.google.com/compute/docs/regions-zones
 */
const USUAL_ZONES = ['a', 'b', 'c'] as const;

const REGIONS_WITH_USUAL_ZONES = [
  'africa-south1',
  'asia-east1',
  'asia-east2',
  'asia-northeast1',
  'asia-northeast2',
  'asia-northeast3',
  'asia-south1',
  'asia-south2',
  'asia-southeast1',
  'asia-southeast2',
  'asia-southeast3',
  'australia-southeast1',
  'australia-southeast2',
  'europe-central2',
  'europe-north1',
  'europe-north2',
  'europe-southwest1',
  'europe-west10',
  'europe-west12',
  'europe-west2',
  'europe-west3',
  'europe-west4',
  'europe-west6',
  'europe-west8',
  'europe-west9',
  'me-central1',
  'me-central2',
  'me-west1',
  'northamerica-northeast1',
  'northamerica-northeast2',
  'northamerica-south1',
  'southamerica-east1',
  'southamerica-west1',
  'us-east4',
  'us-east5',
  'us-south1',
  'us-west1',
  'us-west2',
  'us-west3',
  'us-west4',
] as const;

export const GOOGLE_REGIONS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...REGIONS_WITH_USUAL_ZONES.map((region) => [region, USUAL_ZONES] as const),
  ['europe-west1', ['b', 'c', 'd']],
  ['us-central1', ['a', 'b', 'c', 'f']],
  ['us-east1', ['b', 'c', 'd']],
]);
