import { type Fields, fieldsIn, flagIn, textIn } from '../../fields.ts';
import { Unlike } from '../../unlike.ts';
import { Reference, type Written } from '../../written.ts';

/** The keys of one type of monitor. */
export type Keys = { readonly [key: string]: Written | undefined };

export interface Asking {
  readonly keys: Keys;
  readonly notes?: readonly string[];
}

/** Throws `Unlike` for an option that is not known here: whatever it asks for would be lost. */
export function refuseOthers(options: Fields, known: readonly string[]): void {
  const other = Object.entries(options).find(([key, value]) => !known.includes(key) && !isNothing(value));
  if (other !== undefined) throw new Unlike(`Its module has \`${other[0]}\`, and nothing here is like it.`);
}

/** As good as not written. */
function isNothing(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0;
}

/** Preferring one family is no matter of the verdict; having to use it is. */
export function familyOf(options: Fields): 4 | 6 | undefined {
  if (flagIn(options, 'ip_protocol_fallback') !== false) return undefined;
  return textIn(options, 'preferred_ip_protocol') === 'ip4' ? 4 : 6;
}

export const FAMILY = ['preferred_ip_protocol', 'ip_protocol_fallback'];

/** A file that is read where Evenkeel runs. */
export function fileText(file: string): Written {
  if (/[${}]/.test(file))
    throw new Unlike(`The name of the file ${JSON.stringify(file.slice(0, 60))} cannot be written in a manifest.`);
  return new Reference(`file:${file}`);
}

export interface Tls {
  readonly isUnverified: boolean;
  readonly authority: Written | undefined;
  readonly clientCertificate: Written | undefined;
  readonly serverName: string | undefined;
}

export function tlsOf(options: Fields): Tls {
  const tls = fieldsIn(options, 'tls_config') ?? {};
  refuseOthers(tls, [
    'insecure_skip_verify',
    'ca_file',
    'cert_file',
    'key_file',
    'server_name',
    'ca',
    'cert',
    'key',
    'min_version',
  ]);
  const [authority, certificate, key] = ['ca', 'cert', 'key'].map((name) => {
    const [text, file] = [textIn(tls, name), textIn(tls, `${name}_file`)];
    return file === undefined ? text : fileText(file);
  });
  return {
    isUnverified: flagIn(tls, 'insecure_skip_verify') === true,
    authority,
    clientCertificate: certificate === undefined || key === undefined ? undefined : { certificate, key },
    serverName: textIn(tls, 'server_name'),
  };
}
