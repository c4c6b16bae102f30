/** Tools that are made together, from one lock file. */
export interface ToolGroup {
  readonly name: string;
  /** Paths inside the group; relative, and complete once `make` has ended. */
  readonly files: readonly string[];
  /** What the group is made from; another content makes another group. */
  readonly sources: readonly string[];
  /** Roughly how long a first build takes on two cores. */
  readonly expectedMinutes: number;
  /** Fills the empty folder. */
  readonly make: (folder: string) => Promise<void>;
}
