"""Serves the database that is there over HTTP on loopback, and changes it as stdin says."""
import datetime as dt
import json
import os
import sys
import threading
from decimal import Decimal

os.environ['TRYTOND_DATABASE_NAMES'] = os.environ['TRYTOND_DATABASE']
# it reads the settings and the database when it is imported, and must be the first to do so
from trytond.application import app  # noqa: E402
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction, TransactionError  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

DATABASE = os.environ['TRYTOND_DATABASE']
TODAY = dt.date(2026, 11, 20)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


def receivables(_):
    """Tryton's own receivable of every party, as text."""
    Party = Pool().get('party.party')
    return {str(party.id): str(party.receivable) for party in Party.search([], order=[('id', 'ASC')])}


def parties(_):
    """Every active party with its numbers and Tryton's own receivable."""
    found = {}
    for party in Pool().get('party.party').search([], order=[('id', 'ASC')]):
        phones = [one.value for one in party.contact_mechanisms if one.type in {'phone', 'mobile'}]
        found[party.id] = {'phones': phones, 'receivable': str(party.receivable)}
    return found


def counts(_):
    return {name: Pool().get(name).search([], count=True) for name in ['party.party', 'sale.sale', 'sale.line', 'account.invoice']}


def first_phone(party):
    Mechanism = Pool().get('party.contact_mechanism')
    return Mechanism.search([('party', '=', party), ('type', 'in', ['phone', 'mobile'])], order=[('id', 'ASC')], limit=1)


def phone(command):
    """Changes the first phone of a party."""
    Pool().get('party.contact_mechanism').write(first_phone(command['party']), {'value': command['value']})


def drop_phone(command):
    """Deactivates the first phone of a party."""
    Pool().get('party.contact_mechanism').write(first_phone(command['party']), {'active': False})


def sale(command):
    """Sells one of a product to a party."""
    pool = Pool()
    Sale, Party, Product = pool.get('sale.sale'), pool.get('party.party'), pool.get('product.product')
    party, product = Party(command['party']), Product.search([], order=[('id', 'ASC')], limit=1)[0]
    made, = Sale.create([{
                'party': party.id, 'company': 1, 'invoice_address': party.addresses[0].id,
                'shipment_address': party.addresses[0].id, 'sale_date': TODAY,
                'lines': [('create', [{
                                'type': 'line', 'product': product.id, 'unit': product.sale_uom.id, 'quantity': 1,
                                'unit_price': Decimal('12.50')}])]}])
    Sale.quote([made])
    Sale.confirm([made])
    return {'number': made.number}


def pay(_):
    """Pays the first invoice that is open, and says whose it was."""
    pool = Pool()
    Invoice, Method = pool.get('account.invoice'), pool.get('account.invoice.payment.method')
    invoice, = Invoice.search([('state', '=', 'posted'), ('type', '=', 'out')], order=[('id', 'ASC')], limit=1)
    method, = Method.search([], limit=1)
    invoice.pay_invoice(Decimal('0.50'), method, TODAY)
    return {'party': invoice.party.id}


def deactivate(command):
    Party = Pool().get('party.party')
    Party.write([Party(command['party'])], {'active': False})


def notes(command):
    """What is noted at a party."""
    Note = Pool().get('ir.note')
    return {'notes': [note.message for note in Note.search([('resource', '=', f"party.party,{command['party']}")], order=[('id', 'ASC')])]}


def obey(command):
    with Transaction().start(DATABASE, 0, readonly=True):
        admin, = Pool().get('res.user').search([('login', '=', 'admin')])
    extras = {}
    while True:
        with Transaction().start(DATABASE, admin.id, context={'company': 1, 'companies': [1]}, **extras) as transaction:
            try:
                return globals()[command['do']](command)
            except TransactionError as error:
                # Tryton asks for a lock that has to be there from the beginning
                transaction.rollback()
                error.fix(extras)


def main():
    server = make_server('127.0.0.1', 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say = lambda answer: print(json.dumps(answer), flush=True)
    say({'url': f'http://127.0.0.1:{server.server_port}', 'database': DATABASE, 'key': 'ringside-test-key-0123456789'})
    for line in sys.stdin:
        say(obey(json.loads(line)) or {})


if __name__ == '__main__':
    main()
