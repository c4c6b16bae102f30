/** What a run of `verify scale` measures; saved for docs/lab.md. */
export const SCALE_FILE = 'docs/generated/lab-scale.json';

export interface Footprint {
  /** Sent by the configuration server since the proxy started. */
  readonly receivedBytes: number;
  /** Of Envoy's own dump, with endpoints. */
  readonly dumpBytes: number;
  readonly clusters: number;
  readonly listeners: number;
  readonly virtualHosts: number;
  readonly endpoints: number;
  /** In use by Envoy's allocator. */
  readonly allocatedBytes: number;
  /** Of the process, including the program. */
  readonly residentBytes: number;
}

export interface ScaleSetting {
  readonly sidecar: Footprint;
  /** Time until the sidecar has an edited weight, for each edit. */
  readonly pushesMs: readonly number[];
}

export interface ScaleMeasured {
  readonly services: number;
  /** Kubernetes Services: one for each service and one for each version. */
  readonly hosts: number;
  /** Hosts in the Sidecar object of the measured service. */
  readonly hostsInScope: number;
  readonly scoped: ScaleSetting;
  /** The same without any Sidecar object. */
  readonly unscoped: ScaleSetting;
  /** Sidecar objects do not apply to it. */
  readonly gateway: Footprint;
}

export interface ScaleFigures {
  readonly repeats: number;
  readonly measured: readonly ScaleMeasured[];
}
