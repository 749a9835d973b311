/* What a column of a file can mean, and what a table holds. A meaning without a word here is shown by its name. */
import { t, type Key } from '../shared/words';

const FIELDS: Record<string, Key> = {
  customer: 'setup.f.customer', name: 'setup.f.name', first_name: 'setup.f.first_name', last_name: 'setup.f.last_name', company: 'setup.f.company', city: 'setup.f.city',
  country: 'setup.f.country', phone: 'setup.f.phone', email: 'setup.f.email', vat: 'setup.f.vat', opt_out: 'setup.f.opt_out', product: 'setup.f.product',
  product_name: 'setup.f.product_name', category: 'setup.f.category', price: 'setup.f.price', discontinued: 'setup.f.discontinued', stock: 'setup.f.stock', durable: 'setup.f.durable',
  sensitive: 'setup.f.sensitive', order: 'setup.f.order', date: 'setup.f.date', quantity: 'setup.f.quantity', amount: 'setup.f.amount', currency: 'setup.f.currency', open: 'setup.f.open',
  not_due: 'setup.f.not_due', overdue: 'setup.f.overdue', overdue_30: 'setup.f.overdue_30', overdue_60: 'setup.f.overdue_60', overdue_more: 'setup.f.overdue_more', as_of: 'setup.f.as_of',
  invoice: 'setup.f.invoice', due: 'setup.f.due', ticket: 'setup.f.ticket', subject: 'setup.f.subject', status: 'setup.f.status',
};

const TABLES: Record<string, Key> = {
  products: 'setup.holds.products', customers: 'setup.holds.customers', balances: 'setup.holds.balances', invoices: 'setup.holds.invoices', orders: 'setup.holds.orders',
  tickets: 'setup.holds.tickets',
};

/** `name` is the field as settings write it. */
export function fieldWord(name: string): string {
  const key = FIELDS[name];
  return key ? t(key) : name;
}

export function holdsWord(holds: string): string {
  const key = TABLES[holds];
  return key ? t(key) : holds;
}
