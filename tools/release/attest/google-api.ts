/** JSON requests to Google's APIs. */
import { z } from 'zod';
import { UsageError } from '../../command-line';

/** Addresses are fixed, because the token is sent to them. */
const HOSTS = {
  binaryauthorization: 'https://binaryauthorization.googleapis.com',
  cloudkms: 'https://cloudkms.googleapis.com',
  containeranalysis: 'https://containeranalysis.googleapis.com',
} as const;

const TIMEOUT_SECONDS = 30;
const failure = z.object({ error: z.object({ message: z.string() }) });

export class ImageApis {
  /** @param token of a login with the roles that docs/releases.md lists */
  constructor(private readonly token: string) {}

  get<T>(api: keyof typeof HOSTS, path: string, schema: z.ZodType<T>): Promise<T> {
    return this.request(api, path, schema);
  }

  post<T>(api: keyof typeof HOSTS, path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    return this.request(api, path, schema, body);
  }

  /** @throws UsageError with status, Google's message and a fix */
  private async request<T>(
    api: keyof typeof HOSTS,
    path: string,
    schema: z.ZodType<T>,
    body?: object,
  ): Promise<T> {
    const response = await fetchOnce(`${HOSTS[api]}/v1/${path}`, {
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const document: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const detail = failure.safeParse(document).data?.error.message ?? 'no message';
      throw new UsageError(
        `${api}.googleapis.com refused ${path.replace(/\?.*/, '')}: status ${response.status} (${oneLine(detail)}); ${fixFor(response.status, api)}`,
      );
    }
    const parsed = schema.safeParse(document);
    if (parsed.success) return parsed.data;
    throw new UsageError(
      `${api}.googleapis.com sent an unexpected response for ${path.replace(/\?.*/, '')}; run the command again, and report this`,
    );
  }
}

/** @throws UsageError if there is no response */
export async function fetchOnce(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1_000), ...options });
  } catch (error) {
    const { name, cause, message } = error as Error;
    const reason =
      name === 'TimeoutError'
        ? `no response in ${TIMEOUT_SECONDS} s`
        : cause instanceof Error
          ? cause.message
          : message;
    throw new UsageError(`${new URL(address).host} cannot be reached: ${reason}; run the command again`);
  }
}

export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function fixFor(status: number, api: string): string {
  switch (status) {
    case 401:
      return "the login has expired: run 'gcloud auth login', or renew GOOGLE_OAUTH_ACCESS_TOKEN";
    case 403:
      return `enable ${api}.googleapis.com, and log in as the release account of the environment ('mesh bootstrap' grants its roles)`;
    case 404:
      return 'apply the stack cluster-and-asm of the environment first';
    default:
      return 'run the command again later';
  }
}
