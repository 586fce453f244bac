import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

/** A new key and a certificate it signed itself: worthless outside the test, trusted by nobody unless told to. */
export function selfSigned(
  ending: Ending,
  { names = 'DNS:localhost,IP:127.0.0.1', days = 30 }: CertificateOptions = {},
): Certificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-certificate-'));
  chmodSync(folder, 0o755);
  ending.after(async () => rmSync(folder, { recursive: true }));
  const files = { certificate: path.join(folder, 'certificate.pem'), key: path.join(folder, 'key.pem') };
  const request = path.join(folder, 'request.pem');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  // Each has a subject of its own, or a client that trusts two of them would mix them up.
  const content = ['-subj', `/CN=${path.basename(folder)}`, '-addext', `subjectAltName=${names}`];
  openssl(['req', '-new', ...curve, ...content, '-keyout', files.key, '-out', request]);
  const signing = ['-signkey', files.key, '-days', String(days), '-copy_extensions', 'copy'];
  openssl(['x509', '-req', '-in', request, ...signing, '-out', files.certificate]);
  chmodSync(files.key, 0o644);
  return {
    certificate: readFileSync(files.certificate, 'utf8'),
    key: readFileSync(files.key, 'utf8'),
    files,
  };
}

function openssl(argv: readonly string[]): void {
  execFileSync(requireProgram({ name: 'openssl', packages: ['openssl'] }), argv, { stdio: 'pipe' });
}
