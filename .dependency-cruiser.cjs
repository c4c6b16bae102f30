/** The layers: main → stacks → constructs → model ← tools ← verification. The README lists every arrow. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '^(main\\.ts|tools/mesh\\.(ts|mjs)|constructs/cluster/wait-for-mesh\\.mjs|verification/bench/report-peak\\.ts)',
      },
      to: {},
    },
    {
      name: 'model-is-pure',
      comment: 'policies, SLOs and rules must not depend on how they are deployed',
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
      name: 'constructs-and-stacks-load-no-catalogue',
      severity: 'error',
      from: { path: '^(constructs|stacks)/.*\\.ts$' },
      to: { path: '^model/(source|catalogue)/' },
    },
    {
      name: 'constructs-and-stacks-read-no-files',
      comment:
        'what is deployed depends on the environment alone; the exceptions read the template that is part of their code, and write the JSON',
      severity: 'error',
      from: {
        path: '^(constructs|stacks)/.*\\.ts$',
        pathNot:
          '^(constructs/canary-rollback/rollback-workflow|stacks/(one-pass-synthesizer|stable-json))\\.ts$',
      },
      to: { path: '^(node:)?fs$' },
    },
    {
      name: 'stacks-know-no-tools',
      severity: 'error',
      from: { path: '^stacks/' },
      to: { path: '^(main\\.ts|tools/)' },
    },
    {
      name: 'tools-know-the-model-alone',
      severity: 'error',
      from: { path: '^tools/' },
      to: { path: '^(main\\.ts|stacks/|constructs/)' },
    },
    {
      name: 'nothing-needs-verification',
      comment: 'the product builds and deploys without it',
      severity: 'error',
      from: { pathNot: '^verification/' },
      to: { path: '^verification/' },
    },
    {
      name: 'verification-reads-what-was-synthesized',
      comment:
        'the expected behaviour comes from the model, the tested objects from the synthesized JSON; the three exceptions synthesize',
      severity: 'error',
      from: {
        path: '^verification/',
        pathNot: '^verification/(bench/|tool-comparison/|edits/synthesis\\.ts)',
      },
      to: { path: '^(main\\.ts|stacks/|constructs/)|node_modules/(cdktf|constructs|@cdktf)/' },
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
