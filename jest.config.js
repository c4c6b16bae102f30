/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/__tests__/support/run-folder.cjs',
  runtime: '<rootDir>/__tests__/support/jest-runtime.cjs',
  // Types are checked by `npm run check -- types`; the transform only removes them.
  transform: { '.+[.]ts$': ['ts-jest', { tsconfig: '__tests__/tsconfig.json' }] },
  // Two workers saturate the two cores of a small CI machine without thrashing its memory.
  maxWorkers: 2,
};
