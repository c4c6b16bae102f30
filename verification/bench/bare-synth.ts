/** The baseline: synthesizes the resources of a stack again, by a plain loop over cdktf classes. */
import { readFileSync } from 'node:fs';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { MonitoringService } from '@cdktf/provider-google/lib/monitoring-service';
import { MonitoringSlo } from '@cdktf/provider-google/lib/monitoring-slo';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App, TerraformStack, type TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

type Json = Record<string, unknown>;
type ResourceClass = new (scope: Construct, id: string, config: never) => TerraformElement;

const CLASSES: Readonly<Record<string, ResourceClass>> = {
  google_monitoring_alert_policy: MonitoringAlertPolicy,
  google_monitoring_service: MonitoringService,
  google_monitoring_slo: MonitoringSlo,
};

const [, , stackFile = '', outdir = ''] = process.argv;
const { resource } = JSON.parse(readFileSync(stackFile, 'utf8')) as {
  resource: Record<string, Record<string, Json>>;
};

const app = new App({ outdir });
const stack = new TerraformStack(app, 'bare');
new GoogleProvider(stack, 'google', {});
new KubernetesProvider(stack, 'kubernetes', {});
for (const [type, resources] of Object.entries(resource)) {
  for (const [name, { '//': _metadata, ...config }] of Object.entries(resources)) {
    if (type === 'kubernetes_manifest') {
      const { manifest, depends_on: dependsOn = [] } = config as { manifest: Json; depends_on?: string[] };
      const created = new Manifest(stack, name, {
        manifest,
        fieldManager: { name: 'terraform', forceConflicts: true },
      });
      created.dependsOn = dependsOn;
    } else {
      const Resource = CLASSES[type];
      if (Resource === undefined) throw new Error(`no class for '${type}'`);
      new Resource(stack, `${type}-${name}`, camelCased(config) as never);
    }
  }
}
app.synth();

/** Terraform's argument names in cdktf's spelling. Keys of free maps contain no underscores here. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
