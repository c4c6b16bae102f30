const { isBuiltin } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/**
 * Packages are loaded by Node itself and once a worker, not once a test file inside jest's sandbox: half of the
 * time of a test that synthesizes went into loading cdktf and compiling schemas anew. Own modules stay sandboxed.
 */
module.exports = class SharedPackagesRuntime extends Runtime {
  requireModuleOrMock(from, name) {
    const isPackage = !name.startsWith('.') && !name.startsWith('/') && !isBuiltin(name);
    return isPackage && name !== '@jest/globals'
      ? require(require.resolve(name, { paths: [from] }))
      : super.requireModuleOrMock(from, name);
  }
};
