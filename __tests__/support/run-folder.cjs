const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Creates a folder for one run of jest. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-jest-'));
  process.env.JEST_RUN_FOLDER = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
};
