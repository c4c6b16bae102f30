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

test('the configuration of a sidecar depends on the calls of its service only', () => {
  expect(violationsOf([measured])).toEqual([]);
  expect(measured.scoped.sidecar.clusters).toBe(measured.hostsInScope + 4);
});

test('a scope of the whole mesh is reported', () => {
  const scoped = { ...measured.scoped, sidecar: measured.unscoped.sidecar };

  expect(violationsOf([{ ...measured, scoped }])).toEqual([
    expect.stringMatching(/^50 services: \d+ clusters with a scope of \d+ hosts; the limit is \d+$/),
    '50 services: a scope reduces the bytes by a factor of 1.0; the minimum is 5',
  ]);
});

test("every change of a canary's weight reached the caller's proxy", () => {
  expect(measured.scoped.pushesMs).toHaveLength(2);
  expect(measured.unscoped.pushesMs).toHaveLength(2);
});
