/** Every pod accepts mutual TLS only. */
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { versionsOf } from './example';

export function transportTests(mesh: Mesh): LabTest[] {
  return versionsOf(mesh.environment).map(({ service, version }) => ({
    id: `transport/${version.workload}-accepts-mutual-tls-only`,
    title: `${version.workload} rejects plain text, clients without a certificate, and certificates of an unknown authority`,
    run: async () => {
      const pod = version.workload;
      const request = { host: service.host };
      const plain = await mesh.directTo(pod, service.port).send(request);
      assertThat(plain.status === 'ECONNRESET', `plain text got ${plain.status}`);
      const withoutCertificate = await mesh.directTo(pod, service.port, 'anonymous').send(request);
      assertThat(
        /CERTIFICATE_REQUIRED/.test(String(withoutCertificate.status)),
        `a client without a certificate got ${withoutCertificate.status}`,
      );
      const foreign = await mesh.directTo(pod, service.port, mesh.foreignCertificate).send(request);
      assertThat(
        /UNKNOWN_CA/.test(String(foreign.status)),
        `a certificate of an unknown authority got ${foreign.status}`,
      );
      return { seen: `${plain.status}; ${withoutCertificate.status}; ${foreign.status}` };
    },
  }));
}
