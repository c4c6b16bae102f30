import { EXPERIMENT_HEADER, type Behaviour, type Seen } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';

let count = 0;

/** Requests that bear its headers are treated as the behaviour says; every other request is not. */
export interface Experiment {
  readonly headers: Readonly<Record<string, string>>;
  /** Its requests so far, wherever they arrived. */
  readonly seen: () => readonly Seen[];
  readonly end: () => void;
}

export function beginExperiment(mesh: Mesh, by: readonly string[], behaviour: Behaviour): Experiment {
  const id = `experiment-${(count += 1)}`;
  const undo = by.map((name) =>
    mesh.backends.behave(name, (seen) =>
      seen.headers[EXPERIMENT_HEADER] === id ? behaviour(seen) : undefined,
    ),
  );
  return {
    headers: { [EXPERIMENT_HEADER]: id },
    seen: () => mesh.backends.seen(id),
    end: () => undo.forEach((step) => step()),
  };
}

/** Runs the work, and ends the experiment whatever comes of it. */
export async function duringExperiment<T>(
  mesh: Mesh,
  by: readonly string[],
  behaviour: Behaviour,
  work: (experiment: Experiment) => Promise<T>,
): Promise<T> {
  const experiment = beginExperiment(mesh, by, behaviour);
  try {
    return await work(experiment);
  } finally {
    experiment.end();
  }
}
