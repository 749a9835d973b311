/*
 * Which keys do what in the panel. The usual ones stand in `keys.json`, which the settings are checked against too; what
 * they change comes with the settings. The map under `?` and every hint are drawn from here, so that none can say
 * anything else.
 */
import type { Key } from '../shared/words';
import USUAL from './keys.json';

export type Action = keyof typeof USUAL;

/** Where an action counts: always, while a call is on, in the wrap-up, while somebody is to be chosen, in an opened list. */
export type Place = 'always' | 'on' | 'wrap_up' | 'choose' | 'list';

/** What a key may mean. */
export interface Meaning {
  action: Action;
  /** The digit of a row of digits. */
  digit: number | null;
  /** It types a character in a field. */
  writes: boolean;
}

const WORDS: Record<Action, Key> = {
  hide: 'keys.hide_or_back',
  card_up: 'keys.card_up',
  card_down: 'keys.card_down',
  verified: 'keys.verified',
  take_back: 'keys.take_back',
  follow_up: 'keys.follow_up',
  callback: 'keys.callback',
  ticket: 'keys.ticket',
  template: 'keys.template',
  dispositions: 'keys.dispositions',
  map: 'keys.map',
  answer: 'keys.answer',
  disposition: 'keys.disposition',
  save_and_close: 'keys.save_and_close',
  choice: 'keys.choice',
  pick: 'keys.pick',
  pick_move: 'keys.pick_move',
  search: 'keys.search',
  create: 'keys.create',
};

const ARROWS: Record<string, string> = { Up: '↑', Down: '↓', Left: '←', Right: '→' };
const NAMES: Record<string, string> = { Esc: 'Escape', Up: 'ArrowUp', Down: 'ArrowDown', Left: 'ArrowLeft', Right: 'ArrowRight' };

export class Keymap {
  readonly #chords: [Action, string[]][];

  /** The usual keys, but for those that the settings change. */
  constructor(changed: { [action in string]?: string[] } = {}) {
    const actions = Object.keys(USUAL) as Action[];
    this.#chords = actions.map((action) => [action, changed[action] ?? USUAL[action].chords]);
  }

  /** What a key may mean, the most particular place first; nothing for a key that means nothing here. */
  meanings(event: KeyboardEvent): Meaning[] {
    // AltGr types a letter: many layouts send it as Ctrl and Alt together.
    if (event.getModifierState?.('AltGraph') || (event.altKey && (event.ctrlKey || event.metaKey))) return [];
    const found = this.#chords.flatMap(([action, chords]) => chords.flatMap((chord) => meaning(action, chord, event) ?? []));
    return found.sort((one, other) => rank(one.action) - rank(other.action));
  }

  /** What has to be pressed for an action, in the words on the keys: the first way to it. */
  keys(action: Action): string[] {
    return this.ways(action)[0] ?? [];
  }

  /** Every way to an action. */
  ways(action: Action): string[][] {
    const chords = this.#chords.find(([one]) => one === action)?.[1] ?? [];
    return chords.map((chord) => chord.split('+').flatMap((part) => (/^1-\d$/.test(part) ? ['1', '…', part[2]!] : [ARROWS[part] ?? part])));
  }

  /** The keys for one of a row, `Alt` and `3`. */
  nth(action: Action, digit: number): string[] {
    return (this.ways(action)[0] ?? []).slice(0, -3).concat(String(digit));
  }

  /** The actions of a place with their words, in order. */
  of(place: Place): { action: Action; words: Key; ways: string[][] }[] {
    const actions = this.#chords.map(([action]) => action).filter((action) => USUAL[action].place === place);
    // Fixed keys are several for one thing, not several ways to it.
    const ways = (action: Action) => ('fixed' in USUAL[action] ? [this.ways(action).flat()] : this.ways(action));
    return actions.map((action) => ({ action, words: WORDS[action], ways: ways(action) }));
  }
}

function rank(action: Action): number {
  return ['list', 'choose', 'on', 'wrap_up', 'always'].indexOf(USUAL[action].place);
}

function meaning(action: Action, chord: string, event: KeyboardEvent): Meaning | null {
  const parts = chord.split('+');
  const key = parts.pop() ?? '';
  const held = (name: string) => parts.includes(name);
  if (held('Alt') !== event.altKey || held('Ctrl') !== (event.ctrlKey || event.metaKey)) return null;
  // A sign such as `?` may need Shift by itself.
  if (key !== '?' && held('Shift') !== event.shiftKey) return null;
  const bare = !held('Alt') && !held('Ctrl');
  const writes = bare && key.length === 1;
  if (/^\d$|^1-\d$/.test(key)) {
    const digit = digitOf(event, bare);
    const [from, to] = key.length === 1 ? [Number(key), Number(key)] : [1, Number(key[2])];
    return digit !== null && digit >= from && digit <= to ? { action, digit, writes: bare } : null;
  }
  return isKey(event, key) ? { action, digit: null, writes } : null;
}

/** The digit of a key. With Alt or Ctrl it is the key that counts: some layouts have the digits on Shift. */
function digitOf({ key, code }: KeyboardEvent, bare: boolean): number | null {
  if (/^\d$/.test(key)) return Number(key);
  const found = bare ? null : /^(?:Digit|Numpad)(\d)$/.exec(code);
  return found ? Number(found[1]) : null;
}

/** Whether it is that key; with Option a letter comes as another character, the key is the same. */
function isKey({ key, code }: KeyboardEvent, name: string): boolean {
  if (!/^[A-Z]$/.test(name)) return key === (NAMES[name] ?? name);
  return key.toUpperCase() === name || (!/^[a-z]$/i.test(key) && code === `Key${name}`);
}
