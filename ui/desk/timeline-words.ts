/* Contacts over every channel, in words. */
import type { Channel } from '../generated/Channel';
import type { OfferAnswer } from '../generated/OfferAnswer';
import type { Way } from '../generated/Way';
import type { Key } from '../shared/words';

export const CHANNELS: Channel[] = ['email', 'web', 'chat', 'letter', 'visit'];
export const CHANNEL: Record<Channel, Key> = { email: 'contact.email', web: 'contact.web', chat: 'contact.chat', letter: 'contact.letter', visit: 'contact.visit' };
export const WAY: Record<Way, Key> = { in: 'contact.in', out: 'contact.out' };
export const ANSWER: Record<OfferAnswer, Key> = { offered: 'answer.offered', accepted: 'answer.accepted', declined: 'answer.declined', not_now: 'answer.not_now' };
