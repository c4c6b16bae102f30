import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../support/errors';
import { installed, runTool, type Program } from './program';
import { type ToolGroup } from './cache';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const APT: Program = {
  name: 'apt-get',
  fix: `install Chromium, so that one of ${NAMES.join(', ')} is on the PATH`,
};

/** Chromium for the test of the HTML report: an installed one, otherwise Debian's package, which needs root. */
export const BROWSER_GROUP: ToolGroup = {
  name: 'browser',
  files: ['chromium'],
  sources: [],
  expectedMinutes: 1,
  make: async (folder) => {
    if (found() === undefined)
      for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
        await runTool(APT, args, { cwd: folder, purpose: 'installing Chromium, which is not on the PATH,' });
    const browser = found();
    if (browser === undefined) throw new LabError(`the test of the HTML report needs a browser: ${APT.fix}`);
    symlinkSync(browser, join(folder, 'chromium'));
  },
};

function found(): string | undefined {
  return NAMES.map((name) => installed(name)).find((path) => path !== undefined);
}
