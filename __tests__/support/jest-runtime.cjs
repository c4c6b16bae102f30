const { isBuiltin } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/**
 * Loads packages with Node once per worker, not once per test file in jest's sandbox: loading cdktf and compiling
 * schemas took half of the time of a test with synth. Own modules stay sandboxed.
 */
module.exports = class SharedPackagesRuntime extends Runtime {
  requireModuleOrMock(from, name) {
    const isPackage = !name.startsWith('.') && !name.startsWith('/') && !isBuiltin(name);
    return isPackage && name !== '@jest/globals'
      ? require(require.resolve(name, { paths: [from] }))
      : super.requireModuleOrMock(from, name);
  }
};
