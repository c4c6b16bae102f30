// The few calls to GitHub that the workflows make; GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN are theirs.
const PAGE_SIZE = 100;
/** A pull request or a list of issues longer than this is somebody else's. */
const MOST_PAGES = 30;

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
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`GitHub answers ${response.status} to ${method} ${path}`);
  return response.status === 204 ? undefined : response.json();
}

/** The first item of a list, page by page, that is the one. */
export async function findOn(path, isIt) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const items = await github(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}per_page=${PAGE_SIZE}&page=${page}`,
    );
    const found = items.find(isIt);
    if (found || items.length < PAGE_SIZE) return found;
  }
  return undefined;
}

/** GitHub refuses a longer text; what is cut off is in the summary of the run. */
export function fitting(text, runUrl, most = 65_000) {
  if (text.length <= most) return text;
  return `${text.slice(0, text.lastIndexOf('\n', most - 200))}\n\n… too long for here; the rest is in [the run](${runUrl}).\n`;
}

export function runUrl() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return `${server}/${repository}/actions/runs/${run}`;
}
