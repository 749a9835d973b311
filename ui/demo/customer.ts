/* A customer's page of the demonstration. */
import type { CustomerPageView } from '../generated/CustomerPageView';
import type { CustomerView } from '../generated/CustomerView';
import type { OrderView } from '../generated/OrderView';
import { demoLog } from './log';
import { bare, DAY, euro, iso, purchases, SUGGESTIONS } from './people';
import { demoTickets } from './tickets';
import { demoToday } from './today';

const GOODS: [string, number, number][][] = [
  [['Olive oil, 5 l', 8000, 42_000], ['Ajvar, mild, 690 g', 2000, 980], ['Capers in sea salt, 1 kg', 10_500, 18_310]],
  [['Olive oil, 5 l', 6000, 31_500], ['Jasmine rice, 20 kg', 1000, 7120]],
  [['Espresso beans, 1 kg', 24_000, 29_800]],
  [['Gorgonzola dolce, 1.5 kg', 6000, 14_700], ['Anchovy fillets, 700 g', 47_000, 29_475]],
  [['Olive oil, 5 l', 8000, 47_600]],
  [['Paški sir, 2.5 kg', 3000, 25_610], ['Prosecco, 6 × 75 cl', 2000, 10_800]],
];

export function demoCustomer(customer: CustomerView, now: number): CustomerPageView {
  const orders: OrderView[] = Array.from({ length: 14 }, (_, i) => {
    const goods = GOODS[i % GOODS.length]!.map(([name, quantity_milli, minor]) => ({ name, quantity_milli, amount: euro(minor) }));
    return { number: String(10_461 - 22 * i), at: iso(now - (8 + 17 * i) * DAY), amounts: [euro(goods.reduce((sum, { amount }) => sum + amount.minor, 0))], goods };
  });
  const origin = { source: 'Xero', at: iso(now - 12 * 60_000) };
  const balance = { open: euro(241_860), overdue: euro(112_640), ageing: [129_220, 48_640, 64_000, 0], origin, others: [] };
  const log = demoLog(now).filter((row) => row.customer?.reference === customer.reference);
  const tickets = demoTickets(now).map(({ row }) => row).filter((row) => row.customer?.reference === customer.reference);
  const contact = (id: number, days: number, channel: 'email' | 'chat' | 'letter', text: string) => ({ at: iso(now - days * DAY), what: { kind: 'contact' as const, id, channel, way: 'in' as const, text, line: '102' } });
  const timeline = [
    ...log.slice(0, 6).map((row) => ({ at: row.at, what: { kind: 'call' as const, row } })),
    contact(1, 3, 'email', 'Photo of the pallet label, order 10439'), contact(2, 19, 'chat', 'Asked whether the web price holds for 8 l'), contact(3, 27, 'letter', 'New terms from 1 January'),
    ...tickets.map((row) => ({ at: row.opened, what: { kind: 'ticket' as const, row } })),
    { at: iso(now - 9 * DAY), what: { kind: 'offer' as const, product: 'Sea salt flakes, 12 × 250 g', answer: 'not_now' as const, call: 'log-4' } },
  ].sort((a, b) => b.at.localeCompare(a.at));
  return {
    pop: { ...bare(customer, ''), number: null, grade: null, why: null, balance, purchases: purchases(now, 38, 2021, 10_461, now - 8 * DAY, 61_290), suggestions: SUGGESTIONS, paused: ['overdue'] },
    numbers: [{ number: '+49 30 23125 118', ext: null, label: 'work', dialled: true }, { number: '+49 151 5550 162', ext: null, label: 'mobile', dialled: true }, { number: 'ask at the desk', ext: null, label: '', dialled: false }],
    email: 'einkauf@feinkost-strauss.example', orders: { orders, next: null },
    history: { timeline, next: null, tasks: demoToday(now, []).tasks.filter((task) => task.customer?.reference === customer.reference), tickets: tickets.filter(({ closed }) => closed === null) },
  };
}
