// Two environments of two stacks that need no cloud; the second of each reads what the first puts out.
const { App, LocalBackend, TerraformOutput, TerraformStack } = require('cdktf');

class ExampleStack extends TerraformStack {
  constructor(app, id, input) {
    super(app, id);
    new LocalBackend(this, { path: `../../../state/${id}.tfstate` });
    // cdktf's own DataResource would run terraform at synth.
    this.addOverride('resource.terraform_data.marker', { input });
    this.marker = new TerraformOutput(this, 'marker', { value: '${terraform_data.marker.output}' });
  }
}

const app = new App();
for (const environment of ['dev', 'prod']) {
  const network = new ExampleStack(app, `${environment}-network`, process.env.EXAMPLE_INPUT ?? 'one');
  const data = new ExampleStack(app, `${environment}-data`, `after ${environment}-network`);
  data.addDependency(network);
}
app.synth();
