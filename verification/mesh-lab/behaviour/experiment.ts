import { EXPERIMENT_HEADER, type Behaviour, type ReceivedRequest } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';

let count = 0;

/** Applies a behaviour to the requests with its headers only. */
export interface Experiment {
  readonly headers: Readonly<Record<string, string>>;
  /** Its requests so far, to any workload. */
  readonly received: () => readonly ReceivedRequest[];
  readonly end: () => void;
}

export function startExperiment(mesh: Mesh, workloads: readonly string[], behaviour: Behaviour): Experiment {
  const id = `experiment-${(count += 1)}`;
  const undo = workloads.map((name) =>
    mesh.backends.behave(name, (request) =>
      request.headers[EXPERIMENT_HEADER] === id ? behaviour(request) : undefined,
    ),
  );
  return {
    headers: { [EXPERIMENT_HEADER]: id },
    received: () => mesh.backends.received(id),
    end: () => undo.forEach((step) => step()),
  };
}

/** Runs the work during an experiment. */
export async function withExperiment<T>(
  mesh: Mesh,
  workloads: readonly string[],
  behaviour: Behaviour,
  work: (experiment: Experiment) => Promise<T>,
): Promise<T> {
  const experiment = startExperiment(mesh, workloads, behaviour);
  try {
    return await work(experiment);
  } finally {
    experiment.end();
  }
}
