#!/usr/bin/env python3
"""A real Odoo 14 with its own demonstration data, for tests: Debian 11 has it as a package, so it lives in a tree of that
release, with the PostgreSQL of that release. Nothing is installed on the host. As root, on Debian.

    kit.py prepare CACHE   builds the tree below CACHE (1.7 GB), makes a database and keeps its dump
    kit.py serve CACHE     restores it and serves it on loopback

`serve` prints one line of JSON, {"url", "database", "user", "key"}, and ends, PostgreSQL and Odoo with it, when stdin is closed.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SUITE = 'bullseye'
PACKAGES = 'odoo-14,postgresql'
MODULES = 'contacts,sale_management,account'
DATABASE = 'odoo'
DUMP = 'srv/odoo-14.dump'
LOOPBACK = '127.0.0.1'


def mirror():
    """The Debian mirror of the host's own apt configuration."""
    if 'PBX_MIRROR' in os.environ:
        return os.environ['PBX_MIRROR']
    listing = subprocess.run(
        ['apt-get', 'indextargets', '--format', '$(SITE)', 'Created-By: Packages'],
        check=True, capture_output=True, text=True).stdout
    sites = [site for site in listing.split() if 'security' not in site]
    if not sites:
        sys.exit('apt knows no Debian mirror: set PBX_MIRROR to the address of one')
    return sites[0]


def build(cache):
    root, done = cache / 'root', cache / 'built'
    if done.exists():
        return root
    if os.geteuid() != 0:
        sys.exit('run as root: it builds a tree of another Debian release')
    cache.mkdir(parents=True, exist_ok=True)
    # one that was cut off; nothing is ever mounted in it
    shutil.rmtree(root, ignore_errors=True)
    with open(cache / 'debootstrap.log', 'w') as log:
        subprocess.run(
            ['debootstrap', '--variant=minbase', f'--include={PACKAGES}', SUITE, root, mirror()],
            check=True, stdout=log, stderr=subprocess.STDOUT)
    for waste in ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man']:
        shutil.rmtree(root / waste, ignore_errors=True)
    done.touch()
    return root


class Inside:
    """PostgreSQL and Odoo in the tree, with a folder that goes with them."""

    def __init__(self, root):
        self.root = root
        self.folder = Path(tempfile.mkdtemp(prefix='ringside-odoo-', dir=root / 'var/tmp'))
        self.folder.chmod(0o755)
        self.here = Path('/') / self.folder.relative_to(root)
        self.bin = Path('/') / sorted(root.glob('usr/lib/postgresql/*/bin'))[-1].relative_to(root)
        self.port, self.http = free_port(), free_port()
        self.odoo = None

    def command(self, user, *words):
        return ['chroot', f'--userspec={user}:{user}', self.root, *map(str, words)]

    def own(self, name, user):
        """A folder of its own for a user of the tree."""
        folder = self.folder / name
        folder.mkdir()
        # ids are those of the tree, not of the host
        subprocess.run(['chroot', self.root, 'chown', f'{user}:{user}', self.here / name], check=True)
        return self.here / name

    def postgres(self):
        data = self.own('pg', 'postgres') / 'data'
        initdb = [self.bin / 'initdb', '-D', data, '-U', 'odoo', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8']
        subprocess.run(self.command('postgres', *initdb), check=True, stdout=subprocess.DEVNULL)
        options = (f'-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories= -c fsync=off '
            '-c full_page_writes=off -c synchronous_commit=off -c dynamic_shared_memory_type=mmap')
        start = [self.bin / 'pg_ctl', '-D', data, '-w', '-l', data.parent / 'log', '-o', options, 'start']
        subprocess.run(self.command('postgres', *start), check=True, stdout=subprocess.DEVNULL)
        self.data = data
        self.client('createdb', DATABASE)

    def client(self, program, *words):
        words = [self.bin / program, '-h', LOOPBACK, '-p', self.port, '-U', 'odoo', *words]
        subprocess.run(self.command('root', *words), check=True)

    def odoo_words(self, *more):
        # it looks at the processes of its machine: the mount is seen by it alone and goes with it
        mounted = ['unshare', '--mount', 'sh', '-c', 'mount -t proc proc "$1/proc" && shift && exec "$@"', 'sh', str(self.root)]
        return mounted + self.command(
            'odoo', '/usr/bin/odoo', '-d', DATABASE, '--db_host', LOOPBACK, '--db_port', self.port, '--db_user', 'odoo',
            '--db-filter', f'^{DATABASE}$', '--data-dir', self.here / 'odoo', '--http-interface', LOOPBACK,
            '--http-port', self.http, '--max-cron-threads', 0, '--log-level', 'warn', *more)

    def make(self):
        self.own('odoo', 'odoo')
        with open(self.root.parent / 'odoo.log', 'w') as log:
            subprocess.run(
                self.odoo_words('-i', MODULES, '--stop-after-init'), check=True, cwd='/', stdout=log, stderr=subprocess.STDOUT)
        self.client('pg_dump', '-Fc', '-Z1', '-f', '/' + DUMP + '.half', DATABASE)
        (self.root / (DUMP + '.half')).replace(self.root / DUMP)

    def serve(self):
        self.client('pg_restore', '--no-owner', '-d', DATABASE, '/' + DUMP)
        self.own('odoo', 'odoo')
        log = open(self.root.parent / 'odoo.log', 'w')
        self.odoo = subprocess.Popen(self.odoo_words(), cwd='/', stdout=log, stderr=subprocess.STDOUT)
        url = f'http://{LOOPBACK}:{self.http}'
        self.wait_for(url)
        return url

    def wait_for(self, url):
        ask = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': {'service': 'common', 'method': 'version', 'args': []}})
        request = urllib.request.Request(f'{url}/jsonrpc', ask.encode(), {'Content-Type': 'application/json'})
        for _ in range(600):
            if self.odoo.poll() is not None:
                sys.exit(f'Odoo ended: {self.root.parent}/odoo.log')
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    json.load(answer)
                    return
            except OSError:
                time.sleep(0.2)
        sys.exit('Odoo does not answer')

    def stop(self):
        if self.odoo is not None:
            self.odoo.terminate()
            self.odoo.wait()
        if hasattr(self, 'data'):
            stop = [self.bin / 'pg_ctl', '-D', self.data, '-w', '-m', 'immediate', 'stop']
            subprocess.run(self.command('postgres', *stop), stdout=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def prepare(cache):
    root = build(cache)
    if (root / DUMP).exists():
        return
    inside = Inside(root)
    try:
        inside.postgres()
        inside.make()
    finally:
        inside.stop()


def serve(cache):
    inside = Inside(cache / 'root')
    try:
        inside.postgres()
        url = inside.serve()
        # the user that the demonstration data comes with; every Odoo takes a password where it takes an API key
        print(json.dumps({'url': url, 'database': DATABASE, 'user': 'admin', 'key': 'admin'}), flush=True)
        sys.stdin.read()
    finally:
        inside.stop()


if __name__ == '__main__':
    if len(sys.argv) != 3 or sys.argv[1] not in {'prepare', 'serve'}:
        sys.exit(__doc__)
    # whoever ends it must leave nothing running
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    {'prepare': prepare, 'serve': serve}[sys.argv[1]](Path(sys.argv[2]).resolve())
