/** Kubernetes quantities in the form the API server returns, so that no plan shows `1000m` against `1`. */

export function cpuQuantity(millicores: number): string {
  return millicores % 1_000 === 0 ? String(millicores / 1_000) : `${millicores}m`;
}

export function memoryQuantity(mebibytes: number): string {
  return mebibytes % 1_024 === 0 ? `${mebibytes / 1_024}Gi` : `${mebibytes}Mi`;
}

/** Istio's durations: `300ms`, `2s`. */
export function duration(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}
