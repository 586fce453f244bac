import * as z from 'zod';
import { secretText } from '../../kernel/secret-text.ts';

/** A text such as `-----BEGIN CERTIFICATE-----…`, mostly `${file:…}`. */
export function pemText(label: 'CERTIFICATE' | 'PRIVATE KEY') {
  const begin = new RegExp(`-----BEGIN (?:[A-Z]+ )?${label}-----`);
  return secretText(
    z
      .string()
      .refine((text) => !text.includes('ENCRYPTED'), 'Expected a key without a passphrase.')
      .refine((text) => begin.test(text), `Expected PEM, which begins with -----BEGIN ${label}-----.`),
  );
}

/** Who we are, shown to a server that wants to know (mTLS). */
export const ClientCertificate = z.strictObject({
  certificate: pemText('CERTIFICATE').describe('As PEM, mostly `${file:./probe.pem}`.'),
  key: pemText('PRIVATE KEY').describe('Its key as PEM, without a passphrase, mostly `${file:./probe.key}`.'),
});
