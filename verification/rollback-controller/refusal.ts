/** A request that the API server must refuse, and how it says so. */
import { assertThat, AssertionFailure, type LabTest, type Evidence } from '../support/lab-test';
import { ApiError } from '../kubernetes/client';

/** Kind of the routes that carry a split. */
export const ROUTE = { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService' };

/** Makes a claim about a shop that is as committed when it begins. */
export type MakeTest = (id: string, title: string, prove: () => Promise<Evidence | string>) => LabTest;

/** Ends with the refusal's words; refutes the claim if the request goes through or fails otherwise. */
export async function refused(request: Promise<unknown>, words: RegExp, code = 403): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    assertThat(error.code === code && words.test(error.message), `${error.code}: ${error.message}`);
    return error.message;
  }
  throw new AssertionFailure('the request went through');
}
