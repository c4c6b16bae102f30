/** Machine types of nodes: sizes, memory, and the quota that their vCPUs count against. */

interface MachineSeries {
  /** vCPUs that Google offers, by class. */
  readonly sizes: Readonly<Record<string, readonly number[]>>;
  /** GiB per vCPU, by class. */
  readonly memory: Readonly<Record<string, number>>;
  /** Regional Compute Engine quota of the vCPUs. */
  readonly quota: string;
}

export interface MachineShape {
  readonly vcpus: number;
  /** Undefined for a series that the list does not have. */
  readonly memoryMiB: number | undefined;
  /** Metric of Compute Engine's regional quotas; undefined for a series that the list does not have. */
  readonly quota: string | undefined;
}

const MEMORY = { standard: 4, highmem: 8, highcpu: 1 } as const;
const MEMORY_OF_NEWER = { ...MEMORY, highcpu: 2 } as const;
const SIZES_OF_N2 = [2, 4, 8, 16, 32, 48, 64, 80, 96] as const;
const SIZES_OF_N4 = [2, 4, 8, 16, 32, 48, 64, 80] as const;
const SIZES_OF_C2D = [2, 4, 8, 16, 32, 56, 112] as const;
const SIZES_OF_C3 = [4, 8, 22, 44, 88, 176] as const;

/**
 * Series with a closed list of sizes. Sizes of other series are not checked.
 *
 * @see https://cloud.google.com/compute/docs/general-purpose-machines
 */
const SERIES: Readonly<Record<string, MachineSeries>> = {
  c2: { sizes: { standard: [4, 8, 16, 30, 60] }, memory: MEMORY, quota: 'C2_CPUS' },
  c2d: {
    sizes: { standard: SIZES_OF_C2D, highmem: SIZES_OF_C2D, highcpu: SIZES_OF_C2D },
    memory: MEMORY_OF_NEWER,
    quota: 'C2D_CPUS',
  },
  c3: {
    sizes: { standard: SIZES_OF_C3, highmem: SIZES_OF_C3, highcpu: SIZES_OF_C3 },
    memory: MEMORY_OF_NEWER,
    quota: 'C3_CPUS',
  },
  e2: {
    sizes: { standard: [2, 4, 8, 16, 32], highmem: [2, 4, 8, 16], highcpu: [2, 4, 8, 16, 32] },
    memory: MEMORY,
    quota: 'CPUS',
  },
  n1: {
    sizes: {
      standard: [1, 2, 4, 8, 16, 32, 64, 96],
      highmem: [2, 4, 8, 16, 32, 64, 96],
      highcpu: [2, 4, 8, 16, 32, 64, 96],
    },
    memory: { standard: 3.75, highmem: 6.5, highcpu: 0.9 },
    quota: 'CPUS',
  },
  n2: {
    sizes: { standard: [...SIZES_OF_N2, 128], highmem: [...SIZES_OF_N2, 128], highcpu: SIZES_OF_N2 },
    memory: MEMORY,
    quota: 'N2_CPUS',
  },
  n2d: {
    sizes: {
      standard: [...SIZES_OF_N2, 128, 224],
      highmem: SIZES_OF_N2,
      highcpu: [...SIZES_OF_N2, 128, 224],
    },
    memory: MEMORY,
    quota: 'N2D_CPUS',
  },
  n4: {
    sizes: { standard: SIZES_OF_N4, highmem: SIZES_OF_N4, highcpu: SIZES_OF_N4 },
    memory: MEMORY_OF_NEWER,
    quota: 'CPUS_PER_VM_FAMILY',
  },
  t2a: { sizes: { standard: [1, 2, 4, 8, 16, 32, 48] }, memory: MEMORY, quota: 'T2A_CPUS' },
  t2d: { sizes: { standard: [1, 2, 4, 8, 16, 32, 48, 60] }, memory: MEMORY, quota: 'T2D_CPUS' },
};

/** @param machineType `n2-standard-8` */
export function machineShape(machineType: string): MachineShape {
  const { series, memoryClass, vcpus } = partsOf(machineType);
  const memory = SERIES[series]?.memory[memoryClass];
  return {
    vcpus,
    memoryMiB: memory === undefined ? undefined : Math.floor(memory * vcpus * 1_024),
    quota: SERIES[series]?.quota,
  };
}

/** Machine types of the same series, if the list has the series but not this type; undefined if it may exist. */
export function existingAlternatives(machineType: string): readonly string[] | undefined {
  const { series, memoryClass, vcpus } = partsOf(machineType);
  const known = SERIES[series];
  if (known === undefined || known.sizes[memoryClass]?.includes(vcpus) === true) return undefined;
  return Object.entries(known.sizes)
    .filter(([name]) => name === memoryClass || known.sizes[memoryClass] === undefined)
    .flatMap(([name, sizes]) => sizes.map((size) => `${series}-${name}-${size}`));
}

function partsOf(machineType: string) {
  const [series = '', memoryClass = '', vcpus = ''] = machineType.split('-');
  return { series, memoryClass, vcpus: Number(vcpus) };
}
