/**
 * Tests that need a tool of the lab or of the checks, by `npm run test:lab`.
 *
 * @type {import('jest').Config}
 */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.lab.ts'] };
