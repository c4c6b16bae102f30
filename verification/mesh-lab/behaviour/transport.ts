/** Mutual TLS or nothing, at every pod. */
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { versionsOf } from './example';

export function transportTests(mesh: Mesh): LabTest[] {
  return versionsOf(mesh.environment).map(({ service, version }) => ({
    id: `transport/${version.workload}-speaks-mutual-tls-only`,
    title: `${version.workload} refuses plain text, a client without a certificate, and one of a foreign authority`,
    run: async () => {
      const pod = version.workload;
      const request = { host: service.host };
      const plain = await mesh.straightTo(pod, service.port).send(request);
      assertThat(plain.status === 'ECONNRESET', `plain text was answered ${plain.status}`);
      const nobody = await mesh.straightTo(pod, service.port, 'nobody').send(request);
      assertThat(/CERTIFICATE_REQUIRED/.test(String(nobody.status)), `no certificate: ${nobody.status}`);
      const foreign = await mesh.straightTo(pod, service.port, mesh.foreignCertificate).send(request);
      assertThat(
        /UNKNOWN_CA/.test(String(foreign.status)),
        `a foreign authority's certificate: ${foreign.status}`,
      );
      return { seen: `${plain.status}; ${nobody.status}; ${foreign.status}` };
    },
  }));
}
