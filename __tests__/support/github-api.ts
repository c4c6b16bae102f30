import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const REPOSITORY = 'shop/mesh';
export const TOKEN = 'a-token-for-tests-only';
/** In characters, as GitHub counts. */
export const LONGEST_BODY = 65_536;
const WORKFLOWS: Author = { login: 'github-actions[bot]', type: 'Bot' };
const MOST_A_PAGE = 100;

interface Author {
  readonly login: string;
  readonly type: 'User' | 'Bot';
}

/** A comment on an issue or pull request; GitHub's API does not distinguish them. */
export interface Post {
  readonly id: number;
  readonly user: Author;
  readonly body: string;
}

export interface Issue extends Post {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  readonly pull_request?: object;
  readonly comments: Post[];
  readonly state: 'open' | 'closed';
}

interface Failure {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RequestBody {
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly state?: Issue['state'];
}

/** Fake of the part of GitHub's REST API that the workflows use, on loopback, with one repository. */
export class GithubApi {
  readonly issues: Issue[] = [];
  /** Method and path of every request. */
  readonly requests: string[] = [];
  /** Response to every request, if set. */
  failure: Failure | undefined;
  /** Whether the token may set labels. Without the permission GitHub silently drops them. */
  mayLabel = true;
  private nextId = 1_000;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.respond(request).then(({ status, headers, body }) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(body)),
      );
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Environment variables that a runner sets for every step. */
  get environment(): Record<string, string> {
    return {
      GITHUB_API_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: '77',
      GITHUB_TOKEN: TOKEN,
    };
  }

  addIssue(issue: Partial<Issue> = {}): Issue {
    const id = this.newId();
    const created: Issue = {
      id,
      number: this.issues.length + 1,
      user: WORKFLOWS,
      title: '',
      body: '',
      labels: [],
      comments: [],
      state: 'open',
      ...issue,
    };
    this.issues.push(created);
    return created;
  }

  addComments(issue: Issue, count: number, comment: Partial<Post> = {}): void {
    for (let index = 0; index < count; index += 1)
      issue.comments.push({
        id: this.newId(),
        user: { login: 'ada', type: 'User' },
        body: 'fine',
        ...comment,
      });
  }

  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }

  private async respond(request: IncomingMessage): Promise<Failure & { readonly body: unknown }> {
    const url = new URL(request.url ?? '/', 'http://github.invalid');
    const method = request.method ?? 'GET';
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.requests.push(`${method} ${url.pathname}`);
    // Like a proxy whose error page echoes the request.
    if (this.failure)
      return { ...this.failure, body: { message: `rejected: ${request.headers.authorization}` } };
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return errorResponse(401, 'Bad credentials');
    const text = Buffer.concat(parts).toString('utf8');
    const sent = (text === '' ? {} : JSON.parse(text)) as RequestBody;
    if ([...(sent.body ?? '')].length > LONGEST_BODY)
      return errorResponse(
        422,
        `Validation Failed: body is too long (maximum is ${LONGEST_BODY} characters)`,
      );
    return this.route(method, url, sent);
  }

  private route(method: string, url: URL, sent: RequestBody): Failure & { readonly body: unknown } {
    const path = url.pathname.replace(`/repos/${REPOSITORY}/`, '');
    const [, number, rest] = /^issues\/(\d+)(\/comments)?$/.exec(path) ?? [];
    const issue = this.issues.find((one) => String(one.number) === number);
    if (path === 'issues' && method === 'GET')
      return pageOf(url, this.issues.filter(({ state }) => state === 'open').reverse());
    if (path === 'issues' && method === 'POST') {
      const { title = '', body = '', labels = [] } = sent;
      return { status: 201, body: this.addIssue({ title, body, labels: this.mayLabel ? labels : [] }) };
    }
    if (issue && rest !== undefined && method === 'GET') return pageOf(url, issue.comments);
    if (issue && rest !== undefined && method === 'POST') {
      this.addComments(issue, 1, { user: WORKFLOWS, body: sent.body ?? '' });
      return { status: 201, body: issue.comments.at(-1) };
    }
    const [, id] = /^issues\/comments\/(\d+)$/.exec(path) ?? [];
    const comment = this.issues.flatMap(({ comments }) => comments).find((one) => String(one.id) === id);
    const changed = rest === undefined ? (issue ?? comment) : undefined;
    if (changed === undefined || method !== 'PATCH') return errorResponse(404, 'Not Found');
    return { status: 200, body: Object.assign(changed, sent) };
  }
}

function pageOf(url: URL, items: readonly Post[]): Failure & { readonly body: unknown } {
  const size = Math.min(MOST_A_PAGE, Number(url.searchParams.get('per_page') ?? 30));
  const number = Number(url.searchParams.get('page') ?? 1);
  return { status: 200, body: items.slice((number - 1) * size, number * size) };
}

function errorResponse(status: number, message: string): Failure & { readonly body: unknown } {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } };
}
