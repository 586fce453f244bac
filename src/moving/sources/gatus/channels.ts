import { Secret } from '../../../kernel/secret.ts';
import { type Fields, isFields, listIn, textIn } from '../../fields.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem } from '../../plan.ts';
import { goReferences, withReferences } from '../../reference-text.ts';
import { attempt, demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import type { GatusConfig } from './read.ts';

/** Providers of alerts as channels. */
export function channelItems(config: GatusConfig, nameFor: NameFor): readonly ImportItem[] {
  return Object.entries(config.merged('alerting')).flatMap(([provider, settings]) => {
    if (!isFields(settings)) return [];
    const from = config.place('alerting', provider);
    const found = { key: `provider ${provider}`, what: 'alerting provider', title: provider, from };
    const overrides = listIn(settings, 'overrides').length;
    const notes =
      overrides === 0
        ? []
        : [`Its ${overrides} overrides for groups are not carried over: everybody is told the same.`];
    const channels = attempt(() => channelsOf(provider, settings));
    if (channels instanceof Unlike) return [cannot(found, channels.message, notes)];
    return channels.map(({ title = provider, entry, note }) => {
      const key = title === provider ? found.key : `${found.key} ${title}`;
      const name = nameFor('told', key, title);
      return carried({ ...found, key, title }, { section: 'channels', name, entry }, [...notes, ...note]);
    });
  });
}

interface Channel {
  /** Where there are several. */
  readonly title?: string;
  readonly entry: Written;
  readonly note: readonly string[];
}

function channelsOf(provider: string, settings: Fields): readonly Channel[] {
  if (provider === 'slack') {
    const url = demand(textIn(settings, 'webhook-url'), 'It has no `webhook-url`.');
    return [{ entry: { slack: secret(url) }, note: [] }];
  }
  if (provider === 'email') return mailboxes(settings);
  if (provider === 'custom') return [custom(settings)];
  throw new Unlike(
    `Evenkeel does not send to ${JSON.stringify(provider)} by itself; a \`webhook\` reaches what can be programmed.`,
  );
}

function mailboxes(settings: Fields): readonly Channel[] {
  const to = demand(textIn(settings, 'to'), 'It names no mailbox (`to`).');
  const note = ['Mail goes through the server of EVENKEEL_SMTP_URL; set it where `evenkeel serve` runs.'];
  const addresses = to
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return addresses.map((address) => ({
    ...(addresses.length > 1 && { title: address }),
    entry: { email: withReferences(address, goReferences) },
    note,
  }));
}

function custom(settings: Fields): Channel {
  const url = demand(textIn(settings, 'url'), 'It has no `url`.');
  if (/\[[A-Z_]+\]/.test(url))
    throw new Unlike('Its address is different for each alert, and here it is always the same.');
  if (isFields(settings['headers']) && Object.keys(settings['headers']).length > 0) {
    throw new Unlike('It sends headers of its own, and a `webhook` here sends none but those that sign it.');
  }
  return {
    entry: { webhook: secret(url) },
    note: [
      'What is sent is the message of Evenkeel as JSON, by POST, not the `body` written for Gatus: look at what receives it.',
    ],
  };
}

function secret(url: string): Written {
  return withReferences(new Secret(url, 'url'), goReferences);
}
