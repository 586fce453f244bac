import { Secret } from '../../../kernel/secret.ts';
import { addressText } from '../../address-text.ts';
import type { Row } from '../../import-source.ts';
import { ownEntry } from '../../own-entry.ts';
import { demand, Unlike } from '../../unlike.ts';
import { hostAndPort, hostOf, type Kind } from './kind.ts';
import { isRow, jsonIn, numberIn, textIn } from './row.ts';

/** Nothing answers: what `upside down` waits for. */
const CLOSED = ['[CONNECTED] == false'];
const PACKETS_MAX = 10;

export const port: Kind = (row) => ({
  entry: { tcp: hostAndPort(hostOf(row), demand(numberIn(row, 'port'), 'It names no port.')) },
  upsideDown: CLOSED,
});

export const ping: Kind = (row) => {
  const count = numberIn(row, 'ping_count') ?? 1;
  const family = textIn(row, 'ip_family');
  return {
    entry: {
      ping: hostOf(row),
      packets: count > 1 ? Math.min(count, PACKETS_MAX) : undefined,
      ip: family === 'ipv4' ? 4 : family === 'ipv6' ? 6 : undefined,
    },
    upsideDown: CLOSED,
    notes: [
      ...(count > PACKETS_MAX ? [`Kuma sent ${count} packets; here it is ${PACKETS_MAX} at most.`] : []),
      ...((numberIn(row, 'packet_size') ?? 56) === 56 ? [] : ['The size of the packets is not carried over.']),
    ],
  };
};

export const dns: Kind = (row) => {
  const servers = (textIn(row, 'dns_resolve_server') ?? '').split(',').map((each) => each.trim());
  const [server = '', ...others] = servers.filter((each) => each !== '');
  const expect = dnsConditions(row);
  return {
    entry: {
      dns: hostOf(row),
      record: textIn(row, 'dns_resolve_type'),
      server: server === '' ? undefined : hostAndPort(server, numberIn(row, 'port') ?? 53),
      expect: expect.length === 0 ? undefined : expect,
    },
    notes: others.length === 0 ? [] : [`Kuma also asked ${others.join(' and ')}; here one server is asked.`],
  };
};

/** What the records have to be like; any one of them will do there, and all of them are one text here. */
function dnsConditions(row: Row): readonly string[] {
  const written = jsonIn(row, 'conditions');
  const all: readonly unknown[] = Array.isArray(written) ? written : [];
  return all.map((condition, index) => {
    const { type, operator, value, andOr } = isRow(condition) ? condition : {};
    const isOr = index > 0 && andOr === 'or';
    const glob = type === 'expression' && !isOr ? ownEntry(GLOBS, String(operator))?.(String(value)) : undefined;
    return demand(glob, 'Its conditions on the records are more than can be said here.');
  });
}

const GLOBS: Readonly<Record<string, (value: string) => string>> = {
  equals: (value) =>
    `[BODY] == any(${JSON.stringify(value)}, ${pat(`${value}, *`)}, ${pat(`*, ${value}, *`)}, ${pat(`*, ${value}`)})`,
  contains: (value) => `[BODY] == ${pat(`*${value}*`)}`,
};

function pat(glob: string): string {
  return `pat(${JSON.stringify(glob)})`;
}

export const smtp: Kind = (row) => {
  const security = textIn(row, 'smtp_security');
  const scheme = security === 'secure' ? 'smtps' : 'smtp';
  return {
    entry: {
      smtp: `${scheme}://${hostAndPort(hostOf(row), numberIn(row, 'port') ?? 25)}`,
      starttls_required: security === 'starttls' ? true : undefined,
    },
    notes:
      security === 'nostarttls' ? ['Kuma stayed in the clear; here STARTTLS is used where the server offers it.'] : [],
  };
};

export const ntp: Kind = (row) => {
  const own = numberIn(row, 'port') ?? 123;
  const offsetMs = numberIn(row, 'ntp_time_offset_threshold');
  return {
    entry: {
      ntp: own === 123 ? hostOf(row) : hostAndPort(hostOf(row), own),
      offset: offsetMs === undefined ? undefined : `${offsetMs}ms`,
    },
    notes: ['Kuma called it down when the clock is off; here that is degraded, and down is when it does not answer.'],
  };
};

export const websocketUpgrade: Kind = (row) => {
  const url = textIn(row, 'url');
  if (url === undefined || !/^wss?:\/\//.test(url)) throw new Unlike('It has no address of a WebSocket.');
  const protocol = textIn(row, 'ws_subprotocol')?.split(',')[0]?.trim();
  return { entry: { websocket: addressText(url), protocol } };
};

export const steam: Kind = (row) => ({
  entry: { a2s: hostAndPort(hostOf(row), demand(numberIn(row, 'port'), 'It names no port.')) },
});

/** Games whose servers answer A2S, and those of Minecraft, by the words of GameDig. */
const A2S_GAMES =
  /^(?:csgo|cs2|counterstrike\w*|cs15|cs16|css|cscz|tf2|teamfortress\w*|garrysmod|gmod|left4dead2?|l4d2?|rust|arma\d?|arma2oa|dayz(?:mod)?|ark(?:se)?|arksurvivalevolved|asa|valheim|conanexiles|squad|insurgency\w*|hl2dm|halflife\w*|killingfloor2?|7d2d|sdtd|unturned|projectzomboid|pz|dods?|deadbydaylight|mordhau|theforest|vrising|spaceengineers|avorion|assettocorsa|barotrauma|hll|hellletloose|mumble_a2s|protocol-valve)$/i;
const JAVA_GAMES = /^(?:minecraft|minecraftping|mc)$/i;
const BEDROCK_GAMES = /^(?:minecraftbe|minecraftpe|mbe|mcbe)$/i;

export const gamedig: Kind = (row) => {
  const game = textIn(row, 'game') ?? '';
  const own = numberIn(row, 'port');
  const place = own === undefined ? hostOf(row) : hostAndPort(hostOf(row), own);
  if (A2S_GAMES.test(game)) return { entry: { a2s: place } };
  if (JAVA_GAMES.test(game)) return { entry: { minecraft: place } };
  if (BEDROCK_GAMES.test(game)) return { entry: { minecraft: place, edition: 'bedrock' } };
  throw new Unlike(`Evenkeel does not speak the protocol of the game ${JSON.stringify(game)}.`);
};

const SNMP_OPERATORS = ['==', '<', '>', '<=', '>='];

export const snmp: Kind = (row) => {
  const operator = textIn(row, 'snmp_condition') ?? textIn(row, 'json_path_operator') ?? '==';
  const value = textIn(row, 'snmp_control_value') ?? textIn(row, 'expected_value');
  const isVersion3 = textIn(row, 'snmp_version') === '3';
  if (isVersion3) throw new Unlike('It speaks SNMP version 3, whose user and passwords Kuma does not keep.');
  const condition = snmpCondition(operator, demand(value, 'It compares with no value.'));
  return {
    entry: {
      snmp: hostAndPort(hostOf(row), numberIn(row, 'port') ?? 161),
      version: textIn(row, 'snmp_version'),
      community: snmpCommunity(row),
      oid: demand(textIn(row, 'snmp_oid'), 'It asks for no OID.'),
      expect: [condition],
    },
  };
};

function snmpCommunity(row: Row) {
  const community = textIn(row, 'snmp_community_string') ?? textIn(row, 'radius_password');
  return community === undefined || community === 'public' ? community : new Secret(community, 'community');
}

function snmpCondition(operator: string, value: string): string {
  if (operator === 'contains') return `[BODY] == ${pat(`*${value}*`)}`;
  if (!SNMP_OPERATORS.includes(operator)) throw new Unlike(`It compares with ${JSON.stringify(operator)}.`);
  return `[BODY] ${operator} ${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`;
}
