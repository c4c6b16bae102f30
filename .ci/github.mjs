// The few calls to GitHub that the workflows make; GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN are theirs.
const PAGE_SIZE = 100;
/** A pull request or a list of issues longer than this is somebody else's. */
const MOST_PAGES = 30;
const TIMEOUT_MS = 30_000;
/** Whom GitHub names as the author of what a workflow writes with its own token. */
const WORKFLOWS = 'github-actions[bot]';

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
    throw new Error(`GitHub answers ${response.status} to ${method} ${path}: ${remedyOf(response)}`);
  return response.json();
}

/** The first item of a list, page by page, that is the one. */
export async function findOn(path, isIt) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const items = await github('GET', `${path}?per_page=${PAGE_SIZE}&page=${page}`);
    const found = items.find(isIt);
    if (found || items.length < PAGE_SIZE) return found;
  }
  return undefined;
}

/** Anybody may write the marker; only what a workflow wrote is a workflow's to change. */
export function isOurs({ body, user }, marker) {
  return user?.login === WORKFLOWS && user.type === 'Bot' && (body ?? '').startsWith(marker);
}

export function runUrl() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return `${server}/${repository}/actions/runs/${run}`;
}

/** Ends the process with one sentence; a token that some library quotes in its complaint is not in it. */
export function fail(error) {
  const token = process.env.GITHUB_TOKEN || undefined;
  const [line] = String(error.message)
    .replaceAll(token ?? '\0', '***')
    .split('\n');
  console.error(line);
  process.exitCode = 1;
}

function remedyOf({ status, headers }) {
  const wait = waitOf(headers);
  if ((status === 403 || status === 429) && wait !== undefined)
    return `its limit of requests is reached; run this job again in ${Math.ceil(wait / 60)} minutes`;
  switch (status) {
    case 401:
      return 'the token has ended or is none; run the job again, and see that it passes GITHUB_TOKEN on';
    case 403:
      return 'the token may not do this; see the permissions of the job';
    case 404:
      return 'it is not there, or the token may not see it; see the number, and the permissions of the job';
    case 422:
      return 'it does not take what was sent';
    default:
      return status >= 500 ? 'the fault is its own; run this job again later' : 'that was not expected';
  }
}

/** Seconds until GitHub wants to be asked again, where it is only that it was asked too often. */
function waitOf(headers) {
  const after = headers.get('retry-after');
  if (after !== null) return Number(after);
  if (headers.get('x-ratelimit-remaining') !== '0') return undefined;
  return Math.max(0, Number(headers.get('x-ratelimit-reset')) - Date.now() / 1_000);
}
