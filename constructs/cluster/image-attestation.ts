import { BinaryAuthorizationAttestor } from '@cdktf/provider-google/lib/binary-authorization-attestor';
import { BinaryAuthorizationPolicy } from '@cdktf/provider-google/lib/binary-authorization-policy';
import { ContainerAnalysisNote } from '@cdktf/provider-google/lib/container-analysis-note';
import { DataGoogleKmsCryptoKeyVersion } from '@cdktf/provider-google/lib/data-google-kms-crypto-key-version';
import { KmsCryptoKey } from '@cdktf/provider-google/lib/kms-crypto-key';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ATTESTATION_KEY, imageMirror, keyRingId, PIPELINE_ATTESTOR } from '../../model/naming';

export interface ImageAttestationProps {
  readonly environment: Environment;
}

/** Images of the mesh, which the injector adds to our pods. */
const MESH_IMAGES = ['gcr.io/gke-release/asm/*', 'gke.gcr.io/**'];

/**
 * Binary Authorization policy: the cluster starts only images that the pipeline signed, and Google's. PCI DSS 6.2.4,
 * 6.5.1, 11.5.2.
 *
 * @see https://cloud.google.com/binary-authorization/docs/key-concepts
 */
export class ImageAttestation extends Construct {
  constructor(scope: Construct, id: string, props: ImageAttestationProps) {
    super(scope, id);
    const { environment } = props;
    const attestor = this.attestor(environment);

    new BinaryAuthorizationPolicy(this, 'Policy', {
      description: 'Images signed by the pipeline, and images from Google',
      globalPolicyEvaluationMode: 'ENABLE',
      admissionWhitelistPatterns: [
        ...MESH_IMAGES,
        ...(environment.kiali.enabled ? [`${imageMirror(environment, 'quay')}/kiali/kiali*`] : []),
      ].map((namePattern) => ({ namePattern })),
      defaultAdmissionRule: {
        evaluationMode: 'REQUIRE_ATTESTATION',
        enforcementMode:
          environment.images.attestation === 'required'
            ? 'ENFORCED_BLOCK_AND_AUDIT_LOG'
            : 'DRYRUN_AUDIT_LOG_ONLY',
        // Not attestor.id: it is unknown in the first plan, and the apply would fail with an inconsistent final plan
        // (https://github.com/hashicorp/terraform-provider-google/issues/14009).
        requireAttestationsBy: [`projects/${environment.project.id}/attestors/${PIPELINE_ATTESTOR}`],
      },
      dependsOn: [attestor],
    });
  }

  /** The private key never leaves Cloud KMS, which creates the signatures for the pipeline. */
  private attestor(environment: Environment): BinaryAuthorizationAttestor {
    const { production, keys } = environment;
    const key = new KmsCryptoKey(this, 'SigningKey', {
      name: ATTESTATION_KEY,
      keyRing: keyRingId(environment),
      purpose: 'ASYMMETRIC_SIGN',
      versionTemplate: { algorithm: 'EC_SIGN_P256_SHA256', protectionLevel: keys.protection },
      lifecycle: { preventDestroy: production },
    });
    const version = new DataGoogleKmsCryptoKeyVersion(this, 'SigningKeyVersion', { cryptoKey: key.id });
    const note = new ContainerAnalysisNote(this, 'Note', {
      name: PIPELINE_ATTESTOR,
      shortDescription: 'Built, tested and scanned by the pipeline',
      attestationAuthority: { hint: { humanReadableName: 'Pipeline of the shop' } },
    });
    new TerraformOutput(this, 'Key', {
      description: 'Key version with which the pipeline signs images',
      value: version.id,
    });
    return new BinaryAuthorizationAttestor(this, 'Attestor', {
      name: PIPELINE_ATTESTOR,
      description: 'Built, tested and scanned by the pipeline',
      attestationAuthorityNote: {
        noteReference: note.name,
        publicKeys: [
          {
            id: version.id,
            pkixPublicKey: {
              publicKeyPem: version.publicKey.get(0).pem,
              signatureAlgorithm: version.publicKey.get(0).algorithm,
            },
          },
        ],
      },
    });
  }
}
