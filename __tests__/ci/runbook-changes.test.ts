import { readdirSync, readFileSync } from 'node:fs';
import { changesIn, cloudCommandsIn } from '../support/runbook-commands';

/**
 * Changes by hand that the documentation may contain, with the reason why Terraform does not own what they change.
 * A change of anything else is lost at the next apply, or makes it fail.
 */
const ALLOWED: Readonly<Record<string, string>> = {
  'gcloud projects add-iam-policy-binding':
    'a grant with an expiry; grants of Terraform do not exclude others',
  'gcloud kms keys versions create': 'Terraform owns the key, not its versions',
  'gcloud kms keys versions disable': 'Terraform owns the key, not its versions',
  'gcloud kms keys versions restore': 'Terraform owns the key, not its versions',
  'gcloud secrets versions add': 'values of secrets never pass through Terraform',
  'gcloud secrets versions disable': 'values of secrets never pass through Terraform',
  'gcloud pubsub subscriptions pull --auto-ack': 'acknowledges a message',
  'gcloud alloydb clusters restore': 'creates a cluster next to the one of Terraform',
  'gcloud alloydb instances create': 'belongs to the restored cluster',
  'gcloud sql instances clone': 'creates an instance next to the one of Terraform',
  'gcloud storage objects update': 'objects of the state bucket, which the bootstrap creates',
  'gcloud services vpc-peerings delete': 'Terraform abandons the peering',
  'gcloud monitoring policies delete': 'a duplicate that no state has',
  'gcloud monitoring dashboards delete': 'a duplicate that no state has',
  'gcloud beta monitoring channels delete': 'a duplicate that no state has',
  'gcloud logging buckets undelete': 'Terraform has already deleted the bucket',
  'kubectl delete': 'a pod, which its ReplicaSet replaces',
  'kubectl delete configmap': 'weight caps are written by the rollback controller',
  'kubectl scale deployment': 'Terraform does not set the number of replicas',
};

/** Without verify-on-cloud.md, whose experiments are not for an environment in use. */
const PAGES = ['docs', 'docs/runbooks'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'verify-on-cloud.md')
    .map((name) => `${folder}/${name}`),
);

test.each(PAGES)('%s changes nothing by hand that Terraform owns', (page) => {
  const changes = changesIn(readFileSync(page, 'utf8'));
  expect(changes.filter((command) => !Object.hasOwn(ALLOWED, command))).toEqual([]);
});

test('every allowed change is used', () => {
  const used = new Set(PAGES.flatMap((page) => changesIn(readFileSync(page, 'utf8'))));
  expect(Object.keys(ALLOWED).filter((command) => !used.has(command))).toEqual([]);
});

test('changes are found in blocks and in inline code, and reads are not', () => {
  const page = [
    'Run `kubectl rollout restart deployment -l app=x`, or `gcloud kms keys versions',
    'destroy 1 --key k`; `kubectl get pods -A` only reads.',
    '',
    '```sh',
    'gcloud container clusters update C --location R --add-maintenance-exclusion-name freeze',
    'for p in $(kubectl get pods -o name); do kubectl delete -n n "$p" && kubectl rollout status deployment -n n; done',
    'gcloud pubsub subscriptions pull s --auto-ack',
    'gcloud pubsub subscriptions pull s',
    'kubectl annotate deployment x a=b',
    '```',
  ].join('\n');
  expect(changesIn(page)).toEqual([
    'gcloud container clusters update',
    'kubectl delete',
    'gcloud pubsub subscriptions pull --auto-ack',
    'kubectl annotate deployment',
    'kubectl rollout restart',
    'gcloud kms keys versions destroy',
  ]);
  expect(cloudCommandsIn(page)).toHaveLength(10);
});
