import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, run } from '../../../tools/process';
import { LabError } from '../../support/errors';

export interface Certificate {
  /** PEM file. */
  readonly certificateFile: string;
  /** PEM file. */
  readonly keyFile: string;
}

/** Subject alternative name. */
export type CertificateSubject = { readonly uri: string } | { readonly dns: string };

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority whose keys are in a folder. */
export class Authority {
  private issued = 0;

  private constructor(
    private readonly folder: string,
    /** PEM file. */
    readonly rootFile: string,
    private readonly rootKeyFile: string,
  ) {}

  static async create(folder: string): Promise<Authority> {
    mkdirSync(folder, { recursive: true });
    // Without a configuration file, openssl would add the extensions that the machine configures.
    writeFileSync(join(folder, 'openssl.cnf'), '[req]\ndistinguished_name = name\n[name]\n');
    const root = join(folder, 'root.pem');
    const key = join(folder, 'root.key');
    await openssl(folder, [
      '-out',
      root,
      '-keyout',
      key,
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign',
    ]);
    return new Authority(folder, root, key);
  }

  async issue(subject: CertificateSubject): Promise<Certificate> {
    const name = `leaf-${(this.issued += 1)}`;
    const certificateFile = join(this.folder, `${name}.pem`);
    const keyFile = join(this.folder, `${name}.key`);
    const alternative = 'uri' in subject ? `URI:${subject.uri}` : `DNS:${subject.dns}`;
    await openssl(this.folder, [
      '-CA',
      this.rootFile,
      '-CAkey',
      this.rootKeyFile,
      '-out',
      certificateFile,
      '-keyout',
      keyFile,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-addext',
      'keyUsage=critical,digitalSignature,keyEncipherment',
      '-addext',
      'extendedKeyUsage=serverAuth,clientAuth',
      '-addext',
      `subjectAltName=critical,${alternative}`,
    ]);
    return { certificateFile, keyFile };
  }
}

/** In the form of Node's TLS options. */
export function readCertificate({ certificateFile, keyFile }: Certificate) {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  const command = [
    'req',
    '-x509',
    '-config',
    join(folder, 'openssl.cnf'),
    ...KEY,
    '-days',
    '2',
    '-subj',
    '/O=lab',
  ];
  const result = await run('openssl', [...command, ...args]);
  if (isMissing(result)) throw new LabError("the lab needs 'openssl': install OpenSSL 3");
  if (result.failed) throw new LabError(`openssl ${args.join(' ')}\n${result.stderr.trim()}`);
}
