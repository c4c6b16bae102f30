import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { schemaText } from '../engine/source';

interface AdmissionRule {
  readonly requireAttestationsBy?: readonly string[];
}
interface Attestor {
  readonly userOwnedGrafeasNote?: { readonly noteReference?: string };
}

const ATTESTORS = schemaText('binaryauthorization.v1#AdmissionRule.requireAttestationsBy');
const NOTES = schemaText('binaryauthorization.v1#UserOwnedGrafeasNote.noteReference');

export const BINARY_AUTHORIZATION: Product = {
  methods: {
    'projects.getPolicy': ({ path }, { world }) =>
      world.get('binaryauthorization', path) ?? {
        name: path,
        globalPolicyEvaluationMode: 'ENABLE',
        defaultAdmissionRule: {
          evaluationMode: 'ALWAYS_ALLOW',
          enforcementMode: 'ENFORCED_BLOCK_AND_AUDIT_LOG',
        },
      },
    'projects.updatePolicy': ({ path, body }, { world }) => {
      const { defaultAdmissionRule = {}, clusterAdmissionRules = {} } = body as {
        defaultAdmissionRule?: AdmissionRule;
        clusterAdmissionRules?: Record<string, AdmissionRule>;
      };
      for (const { requireAttestationsBy = [] } of [
        defaultAdmissionRule,
        ...Object.values(clusterAdmissionRules),
      ])
        for (const attestor of requireAttestationsBy)
          if (world.get('binaryauthorization', attestor) === undefined)
            invalid(`the attestor '${attestor}' does not exist`, ATTESTORS);
      return world.put('binaryauthorization', path, { ...body, name: path, updateTime: world.timestamp() });
    },
  },
  kinds: {
    attestors: kind<Attestor>({
      check: ({ userOwnedGrafeasNote }, { world }) => {
        const note = userOwnedGrafeasNote?.noteReference;
        if (note !== undefined && world.get('containeranalysis', note) === undefined)
          invalid(`the note '${note}' does not exist`, NOTES);
      },
      defaults: ({ userOwnedGrafeasNote }, { world }) => ({
        userOwnedGrafeasNote: {
          delegationServiceAccountEmail: world.agent('gcp-sa-binaryauthorization'),
          ...userOwnedGrafeasNote,
        },
      }),
    }),
  },
};
