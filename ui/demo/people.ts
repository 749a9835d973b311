/* The customers of the demonstration; nobody of them lives. Times count back from `now`. */
import type { CustomerView } from '../generated/CustomerView';
import type { MoneyView } from '../generated/MoneyView';
import type { PopView } from '../generated/PopView';
import type { PurchasesView } from '../generated/PurchasesView';
import type { SuggestionView } from '../generated/SuggestionView';

export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

export const iso = (at: number) => new Date(at).toISOString();
export const euro = (minor: number): MoneyView => ({ minor, currency: 'EUR', digits: 2 });

export const PEOPLE = {
  bozena: person('CRM/1014', 'Božena Kovačić', 'Konoba Kod Šime', 'Split', 'HR'),
  jurgen: person('CRM/1118', 'Jürgen Strauß', 'Feinkost Strauß GmbH', 'Berlin', 'DE'),
  maria: person('CRM/1031', 'María José Núñez', 'Ultramarinos Núñez', 'Bilbao', 'ES'),
  anais: person('CRM/1417', 'Anaïs Lefèvre', 'Épicerie Lefèvre', 'Nantes', 'FR'),
  soren: person('CRM/1514', 'Søren Ankjær', 'Ankjær Fisk ApS', 'Aarhus', 'DK'),
  aoife: person('CRM/1614', 'Aoife Ní Bhriain', 'Bríd’s Pantry', 'Galway', 'IE'),
  cagla: person('CRM/1162', 'Çağla Yılmaz', 'Yılmaz Gıda', 'Köln', 'DE'),
  kathe: person('desk/5f0c', 'Käthe Strahl', 'Strahl Catering', 'Potsdam', 'DE'),
  zoe: person('CRM/1702', 'Zoë Brânză', 'Casa Brânză', 'Cluj', 'RO'),
};

function person(reference: string, name: string, company: string, city: string, country: string): CustomerView {
  return { reference, name, company, city, country };
}

/** A pop with nothing known but who it is. */
export function bare(customer: CustomerView, number: string): PopView {
  return {
    verdict: 'one', number, caller_name: null, country: customer.country, trust: 'verified', grade: 'exact', why: { code: 'both_international', country: customer.country }, customer,
    candidates: [], balance: null, purchases: null, relation: null, tier: null, suggestions: [], paused: [], open: [], notes: [], covered: [], uncovered: null, shared_by: 1, word: null, records: [],
  };
}

const SEASON = [9.2, 10.5, 8.1, 11.6, 14.1, 15.8, 18.8, 17.6, 12.4, 11, 9.9, 6];
const SEASON_BEFORE = [8.4, 9.8, 8.5, 10.3, 12.9, 14.9, 16.1, 16.7, 11.7, 10.2, 9.1, 9.4];
const GOODS: [string, number, number][] = [
  ['Istrian olive oil, 0.75 l', 6000, 11_340], ['Sardines in olive oil, 48 × 125 g', 1000, 8_640], ['Paški sir, 1.2 kg', 2500, 9_875],
  ['Capers in sea salt, 1 kg', 2000, 3_480], ['Teran, 0.75 l', 12_000, 10_680], ['Fig jam, 240 g', 10_000, 4_900], ['Anchovy fillets, 700 g', 3000, 6_270],
  ['Truffle salt, 60 g', 5000, 4_450], ['Ajvar, mild, 690 g', 8000, 3_920], ['Lavender honey, 450 g', 4000, 3_560],
];

/** Purchases with a year's season and ten last lines. */
export function purchases(now: number, orders: number, since: number, order: number, last: number, value: number): PurchasesView {
  const scale = (value: number) => Math.round(value * 10_670);
  const months = SEASON.map(scale);
  const months_before = SEASON_BEFORE.map(scale);
  const sum = (values: number[]) => euro(values.reduce((a, b) => a + b, 0));
  const today = new Date(now);
  const source = { source: 'Odoo', at: iso(now - 3 * MINUTE) };
  const midnight = (at: number) => iso(at - (at % DAY));
  return {
    orders, first: iso(Date.UTC(since, 4, 2)), last: midnight(last), last_order: String(order), last_value: euro(value),
    year: sum(months), year_before: sum(months_before), months, months_before,
    until: iso(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)),
    lines: GOODS.map(([name, quantity_milli, minor], i) => {
      const at = midnight(last - Math.floor(i / 3) * 19 * DAY);
      return { at, order: String(order - Math.floor(i / 3) * 7), product: `P${i}`, name, quantity_milli, amount: euro(minor) };
    }),
    origin: source,
  };
}

const ALONG = { kind: 'cross_sell' as const, every_days: null, due: null, answer: null };
export const SUGGESTIONS: SuggestionView[] = [
  { product: 'S1', name: 'Sea salt flakes, 12 × 250 g', price: euro(3120), with_name: 'Istrian olive oil', together: 46, of: 148, at_least_percent: 25, chance_percent: 18, ...ALONG },
  { product: 'S2', name: 'Gorgonzola dolce, 1.5 kg', price: euro(2450), with_name: 'Fig jam', together: 31, of: 96, at_least_percent: 25, chance_percent: 12, ...ALONG },
  { product: 'S3', name: 'Grissini, 20 × 125 g', price: null, with_name: 'Truffle salt', together: 6, of: 8, at_least_percent: null, chance_percent: null, ...ALONG },
];
