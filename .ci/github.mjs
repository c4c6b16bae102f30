// Calls of GitHub's API by the workflows, which set GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN.
const PAGE_SIZE = 100;
/** Limits the search for a comment or issue to 3,000 items. */
const MAX_PAGES = 30;
const TIMEOUT_MS = 30_000;
/** Author of everything that a workflow writes with its own token. */
const WORKFLOW_LOGIN = 'github-actions[bot]';

export async function github(method, path, body) {
  const { GITHUB_API_URL: base, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = process.env;
  if (!base || !repository || !token)
    throw new Error('GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN must be set, as in a workflow');
  const response = await fetch(`${base}/repos/${repository}/${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error) => {
    throw new Error(
      `GitHub cannot be reached at ${base}: ${error.cause?.code ?? error.cause?.message ?? error.message}`,
    );
  });
  if (!response.ok)
    throw new Error(`GitHub returned ${response.status} for ${method} ${path}: ${fixFor(response)}`);
  return response.json();
}

/** The first matching item of a paginated list. */
export async function findIn(path, matches) {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const items = await github('GET', `${path}?per_page=${PAGE_SIZE}&page=${page}`);
    const found = items.find(matches);
    if (found || items.length < PAGE_SIZE) return found;
  }
  return undefined;
}

/** Anyone can write the marker, so the author counts as well. */
export function isWrittenByWorkflow({ body, user }, marker) {
  return user?.login === WORKFLOW_LOGIN && user.type === 'Bot' && (body ?? '').startsWith(marker);
}

export function runUrl() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return `${server}/${repository}/actions/runs/${run}`;
}

/** Prints one sentence and sets the exit code. Masks the token, which an error of a library may quote. */
export function fail(error) {
  const token = process.env.GITHUB_TOKEN || undefined;
  const [line] = String(error.message)
    .replaceAll(token ?? '\0', '***')
    .split('\n');
  console.error(line);
  process.exitCode = 1;
}

function fixFor({ status, headers }) {
  const wait = rateLimitSeconds(headers);
  if ((status === 403 || status === 429) && wait !== undefined)
    return `the rate limit is exceeded; run this job again in ${Math.ceil(wait / 60)} minutes`;
  switch (status) {
    case 401:
      return 'the token is missing or has expired; check that the job sets GITHUB_TOKEN, and run it again';
    case 403:
      return 'the token lacks a permission; check the permissions of the job';
    case 404:
      return 'not found, or not visible for the token; check the number and the permissions of the job';
    case 422:
      return 'the request is invalid; check the number and the size of the text';
    default:
      return status >= 500
        ? 'GitHub had an internal error; run this job again later'
        : 'unexpected status; see the log of the job';
  }
}

/** Seconds until the rate limit resets; `undefined` if the response is not about the rate limit. */
function rateLimitSeconds(headers) {
  const after = headers.get('retry-after');
  if (after !== null) return Number(after);
  if (headers.get('x-ratelimit-remaining') !== '0') return undefined;
  return Math.max(0, Number(headers.get('x-ratelimit-reset')) - Date.now() / 1_000);
}
