import type { Finding } from '../engine/api';

export interface JournalEntry {
  /** Step of the lab, such as `apply dev-network`. */
  readonly step: string;
  /** E-mail address of the account, by its token. */
  readonly account: string;
  readonly host: string;
  readonly verb: string;
  readonly target: string;
  readonly body: string;
  readonly method: string | undefined;
  readonly status: number;
  readonly findings: readonly Finding[];
  /** An injected fault took the place of the response. */
  readonly injected?: string;
}

/** Every request of a run, in order. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  step = 'start';

  add(entry: Omit<JournalEntry, 'step'>): void {
    this.entries.push({ step: this.step, ...entry });
  }

  /** Refusals that are errors of the configuration: reading what does not exist yet is not one. */
  refused(from = 0): JournalEntry[] {
    return this.entries.slice(from).filter(({ verb, status, injected, findings }) => {
      if (injected !== undefined || (verb === 'GET' && status === 404)) return false;
      return findings.some(({ severity }) => severity === 'refused');
    });
  }

  /** Deprecated fields and values in requests. */
  deprecated(from = 0): string[] {
    return this.entries
      .slice(from)
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity === 'deprecated')
      .map(({ message }) => message);
  }
}
