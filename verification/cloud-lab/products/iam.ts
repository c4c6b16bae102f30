import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { schemaText } from '../engine/source';

interface ServiceAccount {
  readonly email: string;
  readonly displayName?: string;
  readonly description?: string;
}

const ID = schemaText('iam.v1#CreateServiceAccountRequest.accountId');

export const IAM: Product = {
  methods: {
    'iam.projects.serviceAccounts.create': (call, engine, note) => {
      const { accountId = '', serviceAccount = {} } = call.body as {
        accountId?: string;
        serviceAccount?: Partial<ServiceAccount>;
      };
      if (!/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/.test(accountId))
        invalid(`account id '${accountId}' must have 6 to 30 lower-case letters, digits and hyphens`, ID);
      const { projectId } = engine.world;
      const email = `${accountId}@${projectId}.iam.gserviceaccount.com`;
      const uniqueId = `1${engine.world.number()}0000000000`;
      const body = { ...serviceAccount, email, projectId, uniqueId, oauth2ClientId: engine.world.number() };
      return engine.create(call, note, { id: email, body });
    },
  },
  kinds: {
    serviceAccounts: kind<ServiceAccount>({
      check: ({ displayName = '', description = '' }) => {
        if (Buffer.byteLength(displayName) > 100)
          invalid('displayName: at most 100 bytes', schemaText('iam.v1#ServiceAccount.displayName'));
        if (Buffer.byteLength(description) > 256)
          invalid('description: at most 256 bytes', schemaText('iam.v1#ServiceAccount.description'));
      },
      created: ({ email }, { world }) => world.addAccount(email),
      deleted: ({ email }, { world }) => void world.accounts.delete(email),
    }),
  },
};
