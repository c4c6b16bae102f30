/**
 * Tests that need a tool of the lab, by `npm run test:lab`.
 *
 * @type {import('jest').Config}
 */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.lab.ts'] };
