/** A kubeconfig with one cluster and one user, for kubectl, istioctl and Terraform's provider. */
export function renderKubeconfig(access: {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: access.url, 'certificate-authority': access.caFile } }],
    users: [{ name: 'lab', user: { token: access.token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });
}
