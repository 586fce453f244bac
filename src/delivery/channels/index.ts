import { Registry } from '../../kernel/registry.ts';
import { email } from './email.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** To add a channel: write `<type>.ts` beside this file, then add its line here. */
export const channelTypes = new Registry('channel', [slack, webhook, email]);
