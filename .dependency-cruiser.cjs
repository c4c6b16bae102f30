/** The arrows of the design: main → stacks → constructs → model ← tools. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '^(main\\.ts|tools/(mesh|generate)\\.ts|tools/mesh\\.mjs|constructs/cluster/wait-for-mesh\\.mjs|tools/bench/|lab/tools/main\\.ts|lab/guard/(main|plans)\\.ts)',
      },
      to: {},
    },
    {
      name: 'model-is-pure',
      comment: 'the meaning must not depend on how it is deployed',
      severity: 'error',
      from: { path: '^model/' },
      to: { path: '^(main\\.ts|stacks|constructs|tools)/|node_modules/(cdktf|constructs|@cdktf)/' },
    },
    {
      name: 'model-reads-no-files',
      severity: 'error',
      from: { path: '^model/', pathNot: '^model/source/read-folder\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'constructs-know-no-stacks',
      severity: 'error',
      from: { path: '^constructs/' },
      to: { path: '^(main\\.ts|stacks/|tools/)' },
    },
    {
      name: 'constructs-and-stacks-read-no-files',
      severity: 'error',
      from: { path: '^(constructs|stacks)/.*\\.ts$' },
      to: { path: '^model/(source|catalogue)/|^(node:)?fs$' },
    },
    {
      name: 'stacks-know-no-tools',
      severity: 'error',
      from: { path: '^stacks/' },
      to: { path: '^(main\\.ts|tools/)' },
    },
    {
      name: 'tools-know-the-model-alone',
      comment: 'the benchmark measures synth itself',
      severity: 'error',
      from: { path: '^tools/', pathNot: '^tools/bench/' },
      to: { path: '^(main\\.ts|stacks/|constructs/)' },
    },
    {
      name: 'lab-reads-what-was-synthesized',
      comment: 'the model says what to expect; the objects come from the synthesized JSON',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^(main\\.ts|stacks/|constructs/)|node_modules/(cdktf|constructs|@cdktf)/' },
    },
    {
      name: 'nothing-needs-the-lab',
      severity: 'error',
      from: { pathNot: '^lab/' },
      to: { path: '^lab/' },
    },
    { name: 'no-tests', severity: 'error', from: {}, to: { path: '^__tests__/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
