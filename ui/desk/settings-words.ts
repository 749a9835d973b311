/* What keys and choices of the settings are called. What has no word here is shown as the file has it. */
import { t, type Key } from '../shared/words';

const GROUPS: Record<string, Key> = {
  '': 'set.g.general', agent: 'set.g.agent', colleague: 'set.g.colleague', feed: 'set.g.feed', source: 'set.g.source', panel: 'set.g.panel', disposition: 'set.g.disposition', template: 'set.g.template',
  tier: 'set.g.tier', advice: 'set.g.advice', retention: 'set.g.retention', service_level: 'set.g.service_level', keys: 'set.g.keys', dial: 'set.g.dial', ddi: 'set.g.ddi', trunk: 'set.g.trunk', faults: 'set.g.faults',
};

const KEYS: Record<string, Key> = {
  name: 'set.k.name', extensions: 'set.k.extensions', extension: 'set.k.extension', home_region: 'set.k.home_region', home_area: 'set.k.home_area', home_currency: 'set.k.home_currency', own_numbers: 'set.k.own_numbers',
  language: 'set.k.language', start_at_login: 'set.k.start_at_login', show_at: 'set.k.show_at', corner: 'set.k.corner', monitor: 'set.k.monitor', shortcut: 'set.k.shortcut',
  cover: 'set.k.cover', wrap_up_seconds: 'set.k.wrap_up_seconds', lock_minutes: 'set.k.lock_minutes', stale_after_hours: 'set.k.stale_after_hours', durable: 'set.k.durable', sensitive: 'set.k.sensitive', code: 'set.k.code',
  text: 'set.k.text', entitles: 'set.k.entitles', currency: 'set.k.currency', value: 'set.k.value', value_a_year: 'set.k.value_a_year', orders: 'set.k.orders',
  orders_a_year: 'set.k.orders_a_year', years: 'set.k.years', host: 'set.k.host', port: 'set.k.port', user: 'set.k.user', secret: 'set.k.secret', tls: 'set.k.tls', ca_file: 'set.k.ca_file',
  fingerprint: 'set.k.fingerprint', agents: 'set.k.agents', voicemail: 'set.k.voicemail', region: 'set.k.region', outside_prefix: 'set.k.outside_prefix', context: 'set.k.context',
  channel: 'set.k.channel', timeout: 'set.k.timeout', server: 'set.k.server', transport: 'set.k.transport', domain: 'set.k.domain', observe: 'set.k.observe', preset: 'set.k.preset',
  listen: 'set.k.listen', open_to_network: 'set.k.open_to_network', token: 'set.k.token', secret_before: 'set.k.secret_before', public_key: 'set.k.public_key', public_url: 'set.k.public_url',
  from_addresses: 'set.k.from_addresses', numbers: 'set.k.numbers', mapping: 'set.k.mapping', calls_per_hour: 'set.k.calls_per_hour', day: 'set.k.day', seed: 'set.k.seed',
  duplicate: 'set.k.duplicate', reorder: 'set.k.reorder', lost_hangup: 'set.k.lost_hangup', file: 'set.k.file', speed: 'set.k.speed', number: 'set.k.number', label: 'set.k.label',
  prefix: 'set.k.prefix', idd: 'set.k.idd', path: 'set.k.path', map: 'set.k.map', leave_out: 'set.k.leave_out', system: 'set.k.system', with: 'set.k.with', private_hosts: 'set.k.private_hosts', write_back: 'set.k.write_back',
  every_minutes: 'set.k.every_minutes', precedence: 'set.k.precedence', calls: 'set.k.kept_calls', notes: 'set.k.kept_notes', contacts: 'set.k.kept_contacts', tasks: 'set.k.kept_tasks', tickets: 'set.k.kept_tickets',
  traces: 'set.k.kept_traces', audit: 'set.k.kept_audit', within_seconds: 'set.k.within_seconds', goal_percent: 'set.k.goal_percent',
};

/** Keys that mean something else in entries of one kind. */
const OF_KIND: Record<string, Key> = { 'webhook.secret': 'set.k.signing', 'webhook.agents': 'set.k.names' };

const WORDS: Record<string, Key> = {
  ring: 'set.w.ring', answer: 'set.w.answer', 'top-right': 'set.w.top_right', 'top-left': 'set.w.top_left', 'bottom-right': 'set.w.bottom_right', 'bottom-left': 'set.w.bottom_left',
  never: 'set.w.never', failed: 'set.w.failed', unverified: 'set.w.unverified', always: 'set.w.always', asterisk: 'set.w.asterisk', sip: 'set.w.sip', webhook: 'set.w.webhook',
  simulated: 'set.w.simulated', replay: 'set.w.replay', files: 'set.w.files', rest: 'set.w.rest', sql: 'set.w.sql', 'country-code': 'set.w.country_code', 'as-dialled': 'set.w.as_dialled',
};

const LANGUAGES: Record<string, string> = { en: 'English', es: 'Español', hr: 'Hrvatski' };

export function groupWord(name: string): string {
  const key = GROUPS[name];
  return key === undefined ? name : t(key);
}

export function keyWord(name: string, kind: string | null = null): string {
  const key = OF_KIND[`${kind}.${name}`] ?? KEYS[name];
  return key === undefined ? name.replaceAll('_', ' ') : t(key);
}

export function choiceWord(word: string): string {
  const key = WORDS[word];
  return key === undefined ? (LANGUAGES[word] ?? word) : t(key);
}
