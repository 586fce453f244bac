import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../kernel/errors.ts';
import { freePort } from './address.ts';
import type { Variables } from './config.ts';
import { errors } from './errors.ts';
import { PACKAGE_ROOT } from './version.ts';

export const SHOP = path.join(PACKAGE_ROOT, 'examples/shop');

const USUAL_PORTS = { web: 7380, api: 7381, worker: 7382, chat: 7383 } as const;
export type ShopPorts = Readonly<Record<keyof typeof USUAL_PORTS, number>>;

export interface DemoShop {
  /** Breaks a part in one of the ways of `examples/shop/break.ts`; `off` mends it. */
  turnSwitch(part: string, fault: string): Promise<void>;
  stop(): Promise<void>;
}

export interface ShopStart {
  readonly dataDir: string;
  readonly ports: ShopPorts;
  readonly pingUrl: string;
  /** What messages to the team chat are signed with. */
  readonly chatSecret: string;
  /** Where the lines go that the parts log. */
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The parts of examples/shop/start.ts that the demonstration uses; it is another program, loaded only here. */
interface ShopModule {
  startShop(settings: Omit<ShopStart, 'write'> & { readonly log: (line: string) => void }): Promise<DemoShop>;
}

export async function startShop({ write, ...settings }: ShopStart, logFile: string): Promise<DemoShop> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the example is a program of its own, outside the floors
  const { startShop: start } = (await import(
    pathToFileURL(path.join(SHOP, `start${path.extname(import.meta.filename)}`)).href
  )) as ShopModule;
  try {
    return await start({ ...settings, log: (line) => write(`${line}\n`) });
  } catch (cause) {
    throw errors.DEMO_SHOP_FAILED({ cause: messageOf(cause), log: logFile }, { cause });
  }
}

/** The usual ports, or any free ones where somebody has taken them. */
export async function choosePorts(): Promise<ShopPorts> {
  const { web, api, worker, chat } = USUAL_PORTS;
  return { web: await free(web), api: await free(api), worker: await free(worker), chat: await free(chat) };
}

async function free(wanted: number): Promise<number> {
  return (await freePort(wanted)) ?? (await freePort(0)) ?? 0;
}

/** Null for a part at its usual port: the switch then needs not be told. */
export function unusualPort(part: keyof ShopPorts, ports: ShopPorts): number | null {
  return ports[part] === USUAL_PORTS[part] ? null : ports[part];
}

/** What the manifest of the shop takes from variables, so that it finds this shop. */
export function shopVariables({
  ports,
  dataDir,
  chatSecret,
}: Pick<ShopStart, 'ports' | 'dataDir' | 'chatSecret'>): Variables {
  const entries = Object.entries(ports).map(([part, port]) => [`SHOP_${part.toUpperCase()}_URL`, localUrl(port)]);
  return {
    ...Object.fromEntries(entries),
    SHOP_DATABASE: path.join(dataDir, 'shop.db'),
    SHOP_BACKUPS: path.join(dataDir, 'backups'),
    SHOP_CHAT_SECRET: chatSecret,
  };
}

export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
