/** @see https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
import type { ApiObject } from './json';

export interface IamBinding {
  readonly role: string;
  readonly members?: readonly string[];
  readonly condition?: ApiObject;
}

export interface IamPolicy {
  readonly version?: number;
  readonly etag: string;
  readonly bindings?: readonly IamBinding[];
  readonly auditConfigs?: readonly ApiObject[];
}
