// Two environments of two stacks that need no cloud; the second stack of each depends on the first. Both require a
// provider that they do not use, so that a lock file is needed.
const { KubernetesProvider } = require('@cdktf/provider-kubernetes/lib/provider');
const { LocalBackend, TerraformOutput, TerraformStack } = require('cdktf');
const { writeThroughGate } = require('./dist/gated-output');

class ExampleStack extends TerraformStack {
  constructor(app, id, input) {
    super(app, id);
    new LocalBackend(this, { path: `../../../state/${id}.tfstate` });
    new KubernetesProvider(this, 'kubernetes');
    // cdktf's own DataResource would run terraform at synth.
    this.addOverride('resource.terraform_data.marker', { input });
    this.marker = new TerraformOutput(this, 'marker', { value: '${terraform_data.marker.output}' });
  }
}

writeThroughGate({
  outdir: process.env.CDKTF_OUTDIR ?? 'cdktf.out',
  locks: 'locks',
  isProduction: () => false,
  build: (app) => {
    for (const environment of ['dev', 'prod']) {
      const network = new ExampleStack(app, `${environment}-network`, process.env.EXAMPLE_INPUT ?? 'one');
      const data = new ExampleStack(app, `${environment}-data`, `after ${environment}-network`);
      data.addDependency(network);
    }
  },
});
