/** A sub-command of verification, started as a user at a terminal starts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 150_000;

export class LabRun {
  /** Its folder of temporary files. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'lab-run-'));
  readonly exit: Promise<number | string | null>;
  private readonly child: ChildProcess;
  private text = '';

  /** @param command of `npm run verify`, such as `mesh-lab` */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, ['dist/verification/main.js', command, ...args], {
      env: { ...process.env, ...env, TMPDIR: this.scratch },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => (this.text += part.toString()));
    this.exit = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal)));
  }

  output(): string {
    return this.text;
  }

  /** Waits until the output matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(() => pattern.exec(this.text), `printed ${String(pattern)}`);
  }

  /** Waits until it has started a process of that name. */
  async runs(program: string): Promise<void> {
    await this.until(() => this.processes().some((name) => name.endsWith(program)), `started ${program}`);
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Its processes that still run. */
  processes(): string[] {
    return readdirSync('/proc').flatMap((pid) => {
      try {
        if (!/^\d+$/.test(pid) || Number(pid) === this.child.pid) return [];
        const own =
          readlinkSync(`/proc/${pid}/cwd`).startsWith(this.scratch) ||
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${this.scratch}\0`);
        return own ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''] : [];
      } catch {
        return []; // it has just ended
      }
    });
  }

  /** Files and folders that it has left. */
  leftovers(): string[] {
    return readdirSync(this.scratch);
  }

  /** Kills it if it still runs. */
  async dispose(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async until<T>(find: () => T | null | false, event: string): Promise<T> {
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
      const found = find();
      if (found !== null && found !== false) return found;
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the lab has not ${event}:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
