/*
 * Which keys do what in the panel. The map under `?` is drawn from here, so that it cannot say anything else.
 */
import type { Key } from '../shared/words';

export type Action = 'hide' | 'card_up' | 'card_down' | 'verified' | 'save_and_close' | 'pick' | 'pick_move' | 'search' | 'create' | 'take_back' | 'map';

/** Where an action counts: always, while somebody is to be chosen, or in the wrap-up. */
export type Place = 'always' | 'choose' | 'wrap_up';

export interface Binding {
  action: Action;
  place: Place;
  /** What has to be pressed, in the words on the keys. */
  chord: string[];
  words: Key;
}

export const BINDINGS: Binding[] = [
  { action: 'hide', place: 'always', chord: ['Esc'], words: 'keys.hide' },
  { action: 'card_up', place: 'always', chord: ['Alt', '↑'], words: 'keys.card_up' },
  { action: 'card_down', place: 'always', chord: ['Alt', '↓'], words: 'keys.card_down' },
  { action: 'verified', place: 'always', chord: ['Alt', 'V'], words: 'keys.verified' },
  { action: 'pick', place: 'choose', chord: ['1', '…', '9'], words: 'keys.pick' },
  { action: 'pick_move', place: 'choose', chord: ['↑', '↓', 'Enter'], words: 'keys.pick_move' },
  { action: 'search', place: 'choose', chord: ['0'], words: 'keys.search' },
  { action: 'create', place: 'choose', chord: ['Alt', 'C'], words: 'keys.create' },
  { action: 'take_back', place: 'always', chord: ['Alt', 'Z'], words: 'keys.take_back' },
  { action: 'save_and_close', place: 'wrap_up', chord: ['Ctrl', 'Enter'], words: 'keys.save_and_close' },
  { action: 'map', place: 'always', chord: ['?'], words: 'keys.map' },
  { action: 'map', place: 'always', chord: ['F1'], words: 'keys.map_in_note' },
];

/** The action of a key, whatever it would act on; nothing for a key that means nothing here. */
export function actionOf(event: KeyboardEvent): Action | null {
  const { key, shiftKey } = event;
  const alt = event.altKey;
  const ctrl = event.ctrlKey || event.metaKey;
  // AltGr types a letter: many layouts send it as Ctrl and Alt together.
  if (event.getModifierState?.('AltGraph') || (alt && ctrl)) return null;
  if (key === 'Escape') return 'hide';
  if (key === 'F1' || (key === '?' && !alt && !ctrl)) return 'map';
  if (alt && key === 'ArrowUp') return 'card_up';
  if (alt && key === 'ArrowDown') return 'card_down';
  if (alt && isLetter(event, 'v')) return 'verified';
  if (alt && isLetter(event, 'c')) return 'create';
  if (alt && isLetter(event, 'z')) return 'take_back';
  if (ctrl && key === 'Enter') return 'save_and_close';
  if (!alt && !ctrl && !shiftKey && key === '0') return 'search';
  if (!alt && !ctrl && !shiftKey && /^[1-9]$/.test(key)) return 'pick';
  return null;
}

/** Whether the key is this letter; with Option a letter comes as another character, the key is the same. */
function isLetter({ key, code }: KeyboardEvent, letter: string): boolean {
  return key.toLowerCase() === letter || (!/^[a-z]$/i.test(key) && code === `Key${letter.toUpperCase()}`);
}
