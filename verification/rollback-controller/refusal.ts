/** Asserts that the API server refuses a request. */
import { assertThat, AssertionFailure, type LabTest, type Observation } from '../support/lab-test';
import { ApiError } from '../kubernetes/client';

/** Kind of the routes that split traffic. */
export const ROUTE = { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService' };

/** Makes a test that begins with the committed state. */
export type MakeTest = (id: string, title: string, run: () => Promise<Observation | string>) => LabTest;

/**
 * @returns the message of the refusal
 * @throws AssertionFailure if the request is accepted, or refused with another code or message
 */
export async function refused(request: Promise<unknown>, message: RegExp, code = 403): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    assertThat(error.code === code && message.test(error.message), `${error.code}: ${error.message}`);
    return error.message;
  }
  throw new AssertionFailure('the request was accepted');
}
