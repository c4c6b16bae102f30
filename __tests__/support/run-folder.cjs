const { mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Creates a folder for one run of jest, unless JEST_RUN_FOLDER names one that several runs share, and points every
 * program that a test starts to the reference shop.
 */
module.exports = () => {
  process.env.MESH_CONFIG = join(__dirname, '../catalogues/reference-shop');
  const shared = process.env.JEST_RUN_FOLDER;
  if (shared !== undefined) return void mkdirSync(shared, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'mesh-jest-'));
  process.env.JEST_RUN_FOLDER = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
};
