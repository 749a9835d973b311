#!/usr/bin/env python3
"""A real Tryton on a real PostgreSQL, for tests: made once, restored from a dump, changed on demand.

    kit.py prepare CACHE PARTIES   installs Tryton below CACHE, makes and dumps a database of so many parties
    kit.py serve CACHE PARTIES     restores it, serves it on loopback, and obeys one JSON command a line on stdin

`serve` answers each line with one line of JSON. The first, without being asked, is {"url", "database", "key"}. It ends,
and takes PostgreSQL along, when stdin is closed.
"""
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = [
    'trytond[PostgreSQL]==8.2.1', 'trytond_party==8.2.0',
    'trytond_account_invoice==8.2.0', 'trytond_sale==8.2.0']
MODULES = ['sale', 'account_invoice', 'stock']
DATABASE = 'tryton'
HERE = Path(__file__).resolve().parent


class Postgres:
    """A server of its own in a folder that goes with it. PostgreSQL refuses to run as root: then as `postgres`."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix='ringside-pg-', dir='/var/tmp'))
        self.bin = Path(sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb'))[-1]).parent
        self.user = None
        if os.geteuid() == 0:
            self.user = 'postgres'
            shutil.chown(self.folder, self.user)
        self.port = free_port()

    def run(self, *command, **options):
        if self.user:
            options['user'] = pwd.getpwnam(self.user).pw_uid
            options['group'] = pwd.getpwnam(self.user).pw_gid
            options['extra_groups'] = []
        return subprocess.run(
            [self.bin / command[0], *command[1:]], check=True, cwd='/',
            stdout=subprocess.DEVNULL, **options)

    def start(self):
        data = self.folder / 'data'
        self.run('initdb', '-D', data, '-U', 'ringside', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8')
        options = (f'-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= '
            '-c fsync=off -c full_page_writes=off -c synchronous_commit=off')
        self.run('pg_ctl', '-D', data, '-w', '-l', self.folder / 'log', '-o', options, 'start')
        self.client('createdb', DATABASE)
        return self

    def client(self, program, *arguments, **options):
        command = [self.bin / program, '-h', '127.0.0.1', '-p', str(self.port), '-U', 'ringside', *arguments]
        subprocess.run(command, check=True, **options)

    def stop(self):
        try:
            self.run('pg_ctl', '-D', self.folder / 'data', '-w', '-m', 'immediate', 'stop')
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def uri(self):
        return f'postgresql://ringside@127.0.0.1:{self.port}/'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def python(cache):
    return cache / 'venv' / 'bin' / 'python'


def install(cache):
    done = cache / 'venv' / 'ringside-installed'
    wanted = '\n'.join(PACKAGES)
    if done.exists() and done.read_text() == wanted:
        return
    subprocess.run([sys.executable, '-m', 'venv', '--clear', cache / 'venv'], check=True)
    pip = [python(cache), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', *PACKAGES]
    subprocess.run(pip, check=True)
    done.write_text(wanted)


def inside(cache, postgres, script, *arguments, **options):
    """Runs a script with Tryton's Python and the database."""
    config = postgres.folder / 'trytond.conf'
    config.write_text(f'[database]\nuri = {postgres.uri}\n')
    environment = dict(os.environ, TRYTOND_CONFIG=str(config), TRYTOND_DATABASE=DATABASE, PYTHONDONTWRITEBYTECODE='1')
    command = [python(cache), HERE / script, *map(str, arguments)]
    return subprocess.run(command, check=True, env=environment, **options)


def dump_of(cache, parties):
    return cache / f'tryton-8.2-{parties}.dump'


def dump(postgres, path):
    half = path.with_suffix('.half')
    postgres.client('pg_dump', '-Fc', '-Z1', '-f', half, DATABASE)
    half.replace(path)


def restore(postgres, path):
    postgres.client('pg_restore', '--no-owner', '-d', DATABASE, path)


def make_bare(cache, postgres, bare):
    """A database with the modules and nothing in it: most of the time goes into this, so it is kept by itself."""
    password = postgres.folder / 'password'
    password.write_text('ringside-tests-only')
    config = postgres.folder / 'admin.conf'
    config.write_text(f'[database]\nuri = {postgres.uri}\n')
    environment = dict(os.environ, TRYTONPASSFILE=str(password))
    admin = [python(cache), cache / 'venv' / 'bin' / 'trytond-admin', '-c', config, '-d', DATABASE]
    more = ['--all', '--email', 'admin@example.com', '-u', *MODULES, '--activate-dependencies']
    subprocess.run([*admin, *more], check=True, env=environment, stdin=subprocess.DEVNULL)
    dump(postgres, bare)


def prepare(cache, parties):
    cache.mkdir(parents=True, exist_ok=True)
    install(cache)
    made, bare = dump_of(cache, parties), cache / 'tryton-8.2-bare.dump'
    if made.exists() and made.stat().st_mtime > (HERE / 'seed.py').stat().st_mtime:
        return
    postgres = Postgres()
    try:
        postgres.start()
        if bare.exists():
            restore(postgres, bare)
        else:
            make_bare(cache, postgres, bare)
        inside(cache, postgres, 'seed.py', parties)
        dump(postgres, made)
    finally:
        postgres.stop()


def serve(cache, parties):
    postgres = Postgres()
    try:
        postgres.start()
        restore(postgres, dump_of(cache, parties))
        inside(cache, postgres, 'serve.py')
    finally:
        postgres.stop()


if __name__ == '__main__':
    if len(sys.argv) != 4 or sys.argv[1] not in {'prepare', 'serve'}:
        sys.exit(__doc__)
    # whoever ends it must not leave PostgreSQL behind
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    {'prepare': prepare, 'serve': serve}[sys.argv[1]](Path(sys.argv[2]).resolve(), int(sys.argv[3]))
