import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireProgram } from './install.ts';
import type { Ending } from './server.ts';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** The same as files that any user may read, for servers that want paths. */
  readonly files: { readonly certificate: string; readonly key: string };
}

export interface CertificateOptions {
  /** Names and addresses it is valid for, as OpenSSL writes them. */
  readonly names?: string;
  /** From now on; -1 has expired. */
  readonly days?: number;
}

/** An authority of this test's own, and what it issues. */
export interface Authority {
  /** The root, which a client may be told to trust. */
  readonly certificate: string;
  /** Signed by an intermediate of this authority, which comes after it in the same text. */
  issue(options?: CertificateOptions): Certificate;
}

/** A new key and a certificate it signed itself: worthless outside the test, trusted by nobody unless told to. */
export function selfSigned(
  ending: Ending,
  { names = 'DNS:localhost,IP:127.0.0.1', days = 30 }: CertificateOptions = {},
): Certificate {
  const files = filesIn(folderOf(ending));
  request(files, [`subjectAltName=${names}`]);
  sign(files, ['-signkey', files.key], days);
  return read(files);
}

/** A root and an intermediate; `days` is how long the intermediate lasts. */
export function authority(ending: Ending, { days = 300 }: Pick<CertificateOptions, 'days'> = {}): Authority {
  const isAuthority = ['basicConstraints=critical,CA:TRUE'];
  const root = filesIn(folderOf(ending));
  request(root, isAuthority);
  sign(root, ['-signkey', root.key], 3_000);
  const intermediate = filesIn(folderOf(ending));
  request(intermediate, isAuthority);
  sign(intermediate, signedBy(root), days);
  return {
    certificate: readFileSync(root.certificate, 'utf8'),
    issue({ names = 'DNS:localhost,IP:127.0.0.1', days: leafDays = 30 } = {}) {
      const leaf = filesIn(folderOf(ending));
      request(leaf, [`subjectAltName=${names}`]);
      sign(leaf, signedBy(intermediate), leafDays);
      appendFileSync(leaf.certificate, readFileSync(intermediate.certificate));
      return read(leaf);
    },
  };
}

interface Files {
  readonly certificate: string;
  readonly key: string;
  readonly request: string;
}

function folderOf(ending: Ending): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-certificate-'));
  chmodSync(folder, 0o755);
  ending.after(async () => rmSync(folder, { recursive: true }));
  return folder;
}

function filesIn(folder: string): Files {
  return {
    certificate: path.join(folder, 'certificate.pem'),
    key: path.join(folder, 'key.pem'),
    request: path.join(folder, 'request.pem'),
  };
}

function request(files: Files, extensions: readonly string[]): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  // Each has a subject of its own, or a client that trusts two of them would mix them up.
  const subject = ['-subj', `/CN=${path.basename(path.dirname(files.key))}`];
  const content = extensions.flatMap((extension) => ['-addext', extension]);
  openssl(['req', '-new', ...curve, ...subject, ...content, '-keyout', files.key, '-out', files.request]);
  chmodSync(files.key, 0o644);
}

function signedBy({ certificate, key }: Files): readonly string[] {
  return ['-CA', certificate, '-CAkey', key, '-CAcreateserial'];
}

function sign(files: Files, signer: readonly string[], days: number): void {
  const signing = [...signer, '-days', String(days), '-copy_extensions', 'copy'];
  openssl(['x509', '-req', '-in', files.request, ...signing, '-out', files.certificate]);
}

function read({ certificate, key }: Files): Certificate {
  return {
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    files: { certificate, key },
  };
}

function openssl(argv: readonly string[]): void {
  execFileSync(requireProgram({ name: 'openssl', packages: ['openssl'] }), argv, { stdio: 'pipe' });
}
