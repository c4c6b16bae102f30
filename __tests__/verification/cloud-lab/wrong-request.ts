import type { VALID } from './valid-requests';

export type Name = keyof typeof VALID;
/** Source: what the reference of the refusal's source must match. */
export type WrongRequest = readonly [
  what: string,
  base: Name,
  change: (request: any) => void,
  message: RegExp,
  source: RegExp,
];

export const body = (change: (body: any) => void) => (request: any) => change(request.body);
export const condition = (change: (condition: any) => void) => body((policy) => change(policy.conditions[0]));
export const promql = (change: (query: any) => void) =>
  condition((first) => change(first.conditionPrometheusQueryLanguage));
export const threshold = (change: (threshold: any) => void) =>
  condition((first) => change(first.conditionThreshold));
export const target = (from: string, to: string) => (request: any) =>
  (request.target = request.target.replace(from, to));
export const binding = (change: (binding: any) => void) => body(({ policy }) => change(policy.bindings[0]));
