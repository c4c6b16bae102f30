/** Scopes in a mesh of fifty generated services; larger ones by `npm run verify -- scale`. */
import { violationsOf } from '../../verification/scale/bounds';
import { measureScale } from '../../verification/scale/measure';
import { labTools } from '../../verification/toolchain/lab-tools';
import type { ScaleMeasured } from '../../verification/scale/figures';

jest.setTimeout(240_000);

let measured: ScaleMeasured;

beforeAll(async () => {
  measured = await measureScale(await labTools(['mesh', 'envoy'], () => undefined), 50, 2);
});

test("a sidecar's configuration is bounded by what its service calls", () => {
  expect(violationsOf([measured])).toEqual([]);
  expect(measured.scoped.sidecar.clusters).toBe(measured.hostsInScope + 4);
});

test('a scope that holds the whole mesh is found', () => {
  const scoped = { ...measured.scoped, sidecar: measured.unscoped.sidecar };

  expect(violationsOf([{ ...measured, scoped }])).toEqual([
    expect.stringMatching(/^50 services: \d+ clusters with a scope of \d+ hosts, more than \d+$/),
    '50 services: a scope saves 1.0 times the bytes, less than 5',
  ]);
});

test("every edit of a canary's weight arrived in the caller's proxy", () => {
  expect(measured.scoped.pushesMs).toHaveLength(2);
  expect(measured.unscoped.pushesMs).toHaveLength(2);
});
