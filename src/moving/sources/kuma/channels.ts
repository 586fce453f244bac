import { Secret } from '../../../kernel/secret.ts';
import type { Row } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import type { KumaData } from './data.ts';
import { flagIn, isRow, jsonIn, textIn } from './row.ts';

/** Notifications as channels. Kuma keeps the settings of each as JSON, all of them in one column. */
export function channelItems(data: KumaData, nameFor: NameFor): readonly ImportItem[] {
  return data.notifications.flatMap((row) => {
    const config = jsonIn(row, 'config');
    const settings: Row = isRow(config) ? config : {};
    const title = textIn(row, 'name') ?? textIn(settings, 'name') ?? `notification ${String(row['id'])}`;
    const found = {
      key: `notification ${String(row['id'])}`,
      what: 'notification',
      title,
      from: data.place('notification', row),
    };
    if (row['active'] !== undefined && !flagIn(row, 'active')) return [leftOut(found, 'It is switched off in Kuma.')];
    return itemsOf(found, settings, nameFor);
  });
}

type Found = Parameters<typeof cannot>[0];

function itemsOf(found: Found, settings: Row, nameFor: NameFor): readonly ImportItem[] {
  const type = textIn(settings, 'type') ?? '';
  if (type === 'smtp') return mailboxes(found, settings, nameFor);
  const address = type === 'slack' ? textIn(settings, 'slackwebhookURL') : textIn(settings, 'webhookURL');
  if (type !== 'slack' && type !== 'webhook') {
    return [cannot(found, `Evenkeel does not send to ${type === '' ? 'what it names' : JSON.stringify(type)}.`)];
  }
  if (address === undefined) return [cannot(found, 'It has no address.')];
  const name = nameFor('told', found.key, found.title);
  const notes =
    type === 'webhook' ? ['What is sent is the message of Evenkeel, not that of Kuma: look at what receives it.'] : [];
  return [carried(found, { section: 'channels', name, entry: { [type]: new Secret(address, 'url') } }, notes)];
}

/** A channel is one mailbox; Kuma writes to as many as are listed. */
function mailboxes(found: Found, settings: Row, nameFor: NameFor): readonly ImportItem[] {
  const listed = ['smtpTo', 'smtpCC', 'smtpBCC'].flatMap((key) => (textIn(settings, key) ?? '').split(','));
  const addresses = listed.map((each) => /<([^<>]+)>/.exec(each)?.[1] ?? each.trim()).filter((each) => each !== '');
  if (addresses.length === 0) return [cannot(found, 'It names no mailbox.')];
  const notes = ['Mail goes through the server of EVENKEEL_SMTP_URL; set it where `evenkeel serve` runs.'];
  return addresses.map((address, index) => {
    const key = index === 0 ? found.key : `${found.key} ${index + 1}`;
    const name = nameFor('told', key, found.title);
    return carried({ ...found, key }, { section: 'channels', name, entry: { email: address } }, notes);
  });
}
