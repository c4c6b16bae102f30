/** Judges one request and answers it, as the API would. */
import { checkBody } from '../discovery/check-body';
import { checkMask, checkQuery, maskOf } from '../discovery/check-query';
import type { Discovery, MatchedMethod } from '../discovery/discovery';
import { checkLabels } from '../rules/labels';
import { requireService } from '../rules/services';
import type { ApiCall } from './call';
import type { CloudEngine } from './engine';
import type { ApiObject } from './json';
import { Refusal, refuse } from './refusal';
import type { Source } from './source';

export interface ApiRequest {
  /** `compute.googleapis.com` */
  readonly host: string;
  readonly verb: string;
  /** With its leading slash and the query. */
  readonly target: string;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Something that is wrong with a request. */
export interface Finding {
  /** `refused` ends in an error response; the others do not. */
  readonly severity: 'refused' | 'deprecated' | 'note';
  readonly message: string;
  readonly source?: Source;
}

export interface Judged {
  readonly response: ApiResponse;
  readonly findings: readonly Finding[];
  /** Undefined if no method matches. */
  readonly method: string | undefined;
}

const NOT_FOUND: Source = { strength: 'schema', reference: 'discovery document: no such method' };

export class Api {
  constructor(
    private readonly discovery: Pick<Discovery, 'match'>,
    readonly engine: CloudEngine,
  ) {}

  /** @param authorize throws a Refusal if the caller lacks a permission of the method */
  judge(
    request: ApiRequest,
    authorize: (method: string, resource: string) => void = () => undefined,
  ): Judged {
    const findings: Finding[] = [];
    let method: string | undefined;
    try {
      const { api, path, query } = readTarget(request);
      const matched =
        this.discovery.match(api, request.verb, path) ??
        refuse(404, 'NOT_FOUND', `no method: ${request.verb} ${path}`, NOT_FOUND);
      method = matched.method.id;
      if (api !== 'serviceusage') requireService(this.engine.world, api);
      authorize(method, withoutVersion(matched, path));
      const body = readBody(request.body);
      checkSchema(matched, api, query, body, findings);
      const call: ApiCall = { ...matched, api, path: withoutVersion(matched, path), query, body: body ?? {} };
      const note = (message: string) => findings.push({ severity: 'note', message });
      return { response: { status: 200, body: this.engine.perform(call, note) }, findings, method };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      findings.push({ severity: 'refused', message: `${error.code} ${error.message}`, source: error.source });
      return { response: errorResponse(error), findings, method };
    }
  }
}

/** `www.googleapis.com/compute/v1/…` and `compute.googleapis.com/compute/v1/…` are the same API. */
function readTarget({ host, target }: ApiRequest) {
  const url = new URL(target, `https://${host}`);
  const path = url.pathname.slice(1);
  const api =
    host === 'www.googleapis.com' ? (path.split('/')[0] ?? '') : host.replace(/\.googleapis\.com$/, '');
  return { api, path, query: url.searchParams };
}

function withoutVersion({ document }: MatchedMethod, path: string): string {
  return path.slice(document.servicePath.length).replace(/^((dns|sql|storage|compute)\/)?v\d\w*\//, '');
}

function readBody(text: string): ApiObject | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as ApiObject;
  } catch {
    return refuse(400, 'INVALID_ARGUMENT', 'the body is not JSON', NOT_FOUND);
  }
}

function checkSchema(
  matched: MatchedMethod,
  api: string,
  query: URLSearchParams,
  body: ApiObject | undefined,
  findings: Finding[],
): void {
  const { document, method } = matched;
  const mask = maskOf(query);
  const creates = /\.(create|insert)$/.test(method.id) && mask.length === 0;
  const violations = [
    ...checkQuery(matched, query),
    ...checkBody(matched, body, { creates }),
    ...checkMask(matched, mask),
    ...checkLabels(api, body),
  ];
  const wrong = violations.filter(({ severity }) => severity === 'error');
  for (const { path, message, severity } of violations)
    if (severity !== 'error') findings.push({ severity, message: `${path}: ${message}` });
  if (wrong.length > 0)
    refuse(400, 'INVALID_ARGUMENT', wrong.map(({ path, message }) => `${path}: ${message}`).join('; '), {
      strength: 'schema',
      reference: `${document.name}.${document.version}#${method.request?.$ref ?? method.id}`,
    });
}

export function errorResponse({ code, status, message, details }: Refusal): ApiResponse {
  const reasons: Readonly<Record<number, string>> = {
    403: 'forbidden',
    404: 'notFound',
    409: status === 'ABORTED' ? 'conflict' : 'alreadyExists',
    429: 'rateLimitExceeded',
    500: 'backendError',
  };
  const errors = [{ message, reason: reasons[code] ?? 'badRequest', domain: 'global' }];
  return { status: code, body: { error: { code, status, message, details, errors } } };
}
