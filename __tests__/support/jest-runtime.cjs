const fs = require('node:fs');
const { isBuiltin } = require('node:module');
const { join, resolve, sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const ROOT = resolve(__dirname, '../..');
const MESH_CONFIG = join(ROOT, 'mesh-config') + sep;
const SCHEMAS = join(MESH_CONFIG, 'schema');
const OWN_TESTS = join(ROOT, '__tests__', 'mesh-config') + sep;
const READERS = [
  'cpSync',
  'createReadStream',
  'existsSync',
  'lstatSync',
  'openSync',
  'readdirSync',
  'readFileSync',
  'statSync',
];

/** Keeps the platform's tests independent of the catalogue: an ordinary edit of it must not turn them red. */
function withoutMeshConfig(test) {
  const refusing = Object.fromEntries(
    READERS.map((name) => [
      name,
      (path, ...rest) => {
        const full = typeof path === 'string' ? resolve(path) : '';
        if (`${full}${sep}`.startsWith(MESH_CONFIG) && !full.startsWith(SCHEMAS))
          throw new Error(
            `${test} reads ${full}; tests of the platform read a fixture catalogue (support/catalogues.ts)`,
          );
        return fs[name](path, ...rest);
      },
    ]),
  );
  return { ...fs, ...refusing };
}

/**
 * Loads packages with Node once per worker, not once per test file in jest's sandbox: loading cdktf and compiling
 * schemas took half of the time of a test with synth. Own modules stay sandboxed.
 *
 * Tests outside of `__tests__/mesh-config/` cannot read `mesh-config/`, except for the generated schemas.
 */
module.exports = class SharedPackagesRuntime extends Runtime {
  requireModuleOrMock(from, name) {
    if (name === 'node:fs' || name === 'fs') return (this.ownFs ??= this.fileSystem());
    const isPackage = !name.startsWith('.') && !name.startsWith('/') && !isBuiltin(name);
    return isPackage && name !== '@jest/globals'
      ? require(require.resolve(name, { paths: [from] }))
      : super.requireModuleOrMock(from, name);
  }

  fileSystem() {
    return this._testPath.startsWith(OWN_TESTS) ? fs : withoutMeshConfig(this._testPath);
  }
};
