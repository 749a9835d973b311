"""Fills a new Tryton database: a company, products, and PARTIES parties with phones, twice as many sales, and posted invoices
of which some are paid. Seeded: the same each time. Runs server-side, because creating through a client takes minutes."""
import datetime as dt
import os
import random
import sys
from decimal import Decimal

from trytond import config
config.update_etc(os.environ['TRYTOND_CONFIG'])
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction, TransactionError  # noqa: E402

DATABASE = os.environ['TRYTOND_DATABASE']
FIRST = 'Ana Luka Marta Ivan Clara Jonas Elena Pablo Nina Oskar Sofia Marko Lucía Peter Greta Tomás'.split()
LAST = 'Horvat Novak Schmidt García Kovač Fischer López Weber Babić Müller Marić Sánchez Jurić Braun'.split()
KINDS = ['Bakery', 'Garage', 'Clinic', 'Studio', 'Hotel', 'Print', 'Garden', 'Optics']


def transact(work, company=None):
    """What `work` gives, in a transaction of its own; begun anew with a lock where Tryton asks for one."""
    context = {'company': company, 'companies': [company]} if company else {}
    extras = {}
    while True:
        with Transaction().start(DATABASE, 0, context=context, **extras) as transaction:
            try:
                return work()
            except TransactionError as error:
                transaction.rollback()
                error.fix(extras)


def admin():
    user, = Pool().get('res.user').search([('login', '=', 'admin')])
    return user


def make_company():
    pool = Pool()
    Party, Company, Currency = map(pool.get, ['party.party', 'company.company', 'currency.currency'])
    User = pool.get('res.user')
    currency, = Currency.create([{
                'name': "Euro", 'code': 'EUR', 'symbol': '€', 'rates': [('create', [{'rate': Decimal(1), 'date': dt.date(2000, 1, 1)}])]}])
    party, = Party.create([{'name': "Ringside Test Shop", 'addresses': [('create', [{}])]}])
    company, = Company.create([{'party': party.id, 'currency': currency.id}])
    User.write([admin()], {'companies': [('add', [company.id])], 'company': company.id})
    return company.id


def make_books(company_id):
    pool = Pool()
    Template, Account, Chart = pool.get('account.account.template'), pool.get('account.account'), pool.get('account.create_chart', type='wizard')
    Data, Company = pool.get('ir.model.data'), pool.get('company.company')
    session, _, _ = Chart.create()
    chart = Chart(session)
    chart.account.account_template = Template(Data.get_id('account', 'account_template_root_en'))
    chart.account.company = Company(company_id)
    chart.transition_create_account()
    for name in ['receivable', 'payable']:
        account, = Account.search([
                (f'type.{name}', '=', True), ('party_required', '=', True), ('closed', '!=', True), ('company', '=', company_id)], limit=1)
        setattr(chart.properties, f'account_{name}', account)
    chart.properties.company = Company(company_id)
    chart.transition_create_properties()
    Type, Strict, Year = pool.get('ir.sequence.type'), pool.get('ir.sequence.strict'), pool.get('account.fiscalyear')
    strict = lambda name, kind: Strict.create([{
                'name': name, 'company': company_id, 'sequence_type': Type.search([('name', '=', kind)], limit=1)[0].id}])[0]
    for year in range(2024, 2031):
        moves, invoices = strict(f"Moves {year}", "Account Move"), strict(f"Invoices {year}", "Invoice")
        made, = Year.create([{
                    'name': str(year), 'company': company_id, 'start_date': dt.date(year, 1, 1), 'end_date': dt.date(year, 12, 31),
                    'move_sequence': moves.id,
                    'invoice_sequences': [('create', [{
                                    'company': company_id, 'out_invoice_sequence': invoices.id, 'in_invoice_sequence': invoices.id,
                                    'out_credit_note_sequence': invoices.id, 'in_credit_note_sequence': invoices.id}])]}])
        Year.create_period([made])
    Journal, Method = pool.get('account.journal'), pool.get('account.invoice.payment.method')
    cash, = Account.search([('name', 'ilike', '%cash%'), ('type', '!=', None), ('closed', '!=', True), ('company', '=', company_id)], limit=1)
    journal, = Journal.search([('type', '=', 'cash')], limit=1)
    Method.create([{'name': "Cash", 'company': company_id, 'journal': journal.id, 'credit_account': cash.id, 'debit_account': cash.id}])
    Term = pool.get('account.invoice.payment_term')
    Term.create([{'name': "30 days", 'lines': [('create', [{
                                'type': 'remainder', 'relativedeltas': [('create', [{'days': 30}])]}])]}])


def make_goods(company_id, chance):
    pool = Pool()
    Template, Category, Account, Uom = map(pool.get, ['product.template', 'product.category', 'account.account', 'product.uom'])
    unit, = Uom.search([('name', '=', 'Unit')], limit=1)
    revenue, = Account.search([('type.revenue', '=', True), ('closed', '!=', True), ('company', '=', company_id)], limit=1)
    expense, = Account.search([('type.expense', '=', True), ('closed', '!=', True), ('company', '=', company_id)], limit=1)
    category, = Category.create([{
                'name': "Goods", 'accounting': True, 'account_revenue': revenue.id, 'account_expense': expense.id}])
    prices = [Decimal(chance.randint(200, 30000)) / 100 for _ in range(40)]
    templates = Template.create([{
                'name': f"Article {n}", 'default_uom': unit.id, 'sale_uom': unit.id, 'salable': True, 'type': 'goods',
                'list_price': prices[n - 1], 'account_category': category.id,
                'products': [('create', [{'suffix_code': f'A-{n:03}'}])]} for n in range(1, 41)])
    return list(zip([template.products[0].id for template in templates], prices)), revenue.id


def make_parties(count, chance):
    Party, Country = Pool().get('party.party'), Pool().get('country.country')
    countries = {code: Country.search([('code', '=', code)]) for code in ['DE', 'ES', 'HR']}
    countries = {code: (found[0].id if found else Country.create([{'name': code, 'code': code}])[0].id) for code, found in countries.items()}

    def party(n):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        if n % 3 == 0:
            name = f"{chance.choice(LAST)} {chance.choice(KINDS)} {n}"
        code, number = chance.choice([
                ('DE', f'+49 30 231251{n % 100:02}' if n < 100 else f'+49 1512 3{n:06}'),
                ('ES', f'+34 612 {n:06}'), ('HR', f'+385 91 {n:07}')])
        contacts = [{'type': 'phone' if n % 2 else 'mobile', 'value': number}, {'type': 'email', 'value': f'party{n}@example.com'}]
        if n % 10 == 0:
            contacts.append({'type': 'mobile', 'value': f'+49 1522 {n:07}'})
        return {
            'name': name, 'contact_mechanisms': [('create', contacts)],
            'addresses': [('create', [{'city': "Town", 'country': countries[code], 'invoice': True, 'delivery': True}])]}
    return [party.id for party in Party.create([party(n) for n in range(count)])]


def make_sales(company_id, parties, products, chance, today):
    pool = Pool()
    Sale, Party = pool.get('sale.sale'), pool.get('party.party')
    Product = pool.get('product.product')
    products = [(Product(product), price) for product, price in products]
    addresses = {party.id: party.addresses[0].id for party in Party.browse(parties)}

    def sale(n):
        party = parties[n % len(parties)]
        lines = [{
                'type': 'line', 'product': product.id, 'unit': product.sale_uom.id, 'quantity': chance.choice([1, 1, 2, 3, 5]),
                'unit_price': price} for product, price in chance.sample(products, chance.randint(1, 4))]
        return {
            'company': company_id, 'party': party, 'invoice_address': addresses[party], 'shipment_address': addresses[party],
            'sale_date': today - dt.timedelta(days=chance.randint(0, 500)), 'lines': [('create', lines)]}
    made = Sale.create([sale(n) for n in range(2 * len(parties))])
    Sale.quote(made)
    Sale.confirm(made)


def make_invoices(company_id, parties, revenue, chance, today):
    pool = Pool()
    Invoice, Party, Term, Journal, Config = map(pool.get, [
            'account.invoice', 'party.party', 'account.invoice.payment_term', 'account.journal', 'account.configuration'])
    term, = Term.search([], limit=1)
    journal, = Journal.search([('type', '=', 'revenue')], limit=1)
    Account = pool.get('account.account')
    receivable, = Account.search([('type.receivable', '=', True), ('party_required', '=', True), ('closed', '!=', True), ('company', '=', company_id)], limit=1)
    wanted = []
    for party in Party.browse(parties):
        if chance.random() < 0.3:
            continue
        date = today - dt.timedelta(days=chance.randint(0, 150))
        wanted.append({
                'company': company_id, 'type': 'out', 'party': party.id, 'invoice_address': party.addresses[0].id,
                'journal': journal.id, 'account': receivable.id, 'payment_term': term.id, 'invoice_date': date,
                'lines': [('create', [{
                                'type': 'line', 'description': "Goods", 'account': revenue, 'quantity': chance.randint(1, 5),
                                'unit_price': Decimal(chance.randint(100, 50000)) / 100}])]})
    return [invoice.id for invoice in Invoice.create(wanted)]


def pay(invoices, chance, today):
    pool = Pool()
    Invoice, Method = pool.get('account.invoice'), pool.get('account.invoice.payment.method')
    method, = Method.search([], limit=1)
    for invoice in Invoice.browse(invoices):
        if chance.random() < 0.4:
            whole = chance.random() < 0.5
            amount = invoice.total_amount if whole else (invoice.total_amount / 3).quantize(Decimal('0.01'))
            invoice.pay_invoice(amount, method, today)


def make_key():
    Application = Pool().get('res.user.application')
    User = Pool().get('res.user')
    application, = Application.create([{'user': admin().id, 'application': 'rest', 'key': 'ringside-test-key-0123456789'}])
    Application.write([application], {'state': 'validated'})
    Group = Pool().get('res.group')
    User.write([admin()], {'groups': [('add', [group.id for group in Group.search([])])]})


def main(count):
    chance, today = random.Random(7), dt.date(2026, 11, 1)
    Pool.start()
    transact(lambda: Pool(DATABASE).init())
    company = transact(make_company)
    transact(lambda: make_books(company), company)
    transact(make_key, company)
    products, revenue = transact(lambda: make_goods(company, chance), company)
    parties = transact(lambda: make_parties(count, chance), company)
    transact(lambda: make_sales(company, parties, products, chance, today), company)
    invoices = transact(lambda: make_invoices(company, parties, revenue, chance, today), company)
    transact(lambda: Pool().get('account.invoice').post(Pool().get('account.invoice').browse(invoices)), company)
    transact(lambda: pay(invoices, chance, today), company)


if __name__ == '__main__':
    main(int(sys.argv[1]))
