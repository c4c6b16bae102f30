/**
 * `npm run test:lab`: tests that need tools of the lab or of the checks.
 *
 * @type {import('jest').Config}
 */
module.exports = { ...require('./jest.config'), testMatch: ['**/*.lab.ts'] };
