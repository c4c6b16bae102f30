import type { MatchedMethod } from '../discovery/discovery';
import type { ApiObject } from './json';
import type { CloudState } from './world';

/** One request, after its schema was checked. */
export interface ApiCall extends MatchedMethod {
  readonly api: string;
  /** Below the version: `projects/p/locations/l/keyRings/r:setIamPolicy`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: ApiObject;
}

/** Reports something that is odd and not refused. */
export type Note = (message: string) => void;

/** What the rules of a product read. */
export interface Context {
  readonly world: CloudState;
  readonly call: ApiCall;
  /** Of the resource, below the version. */
  readonly name: string;
  readonly note: Note;
}
