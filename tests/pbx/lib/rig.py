"""The rig: the PBX's phones, its PSTN side (sipp) and the recorders, in one object."""
import json
import os
import shutil
import subprocess
import sys
import time

from rec import Ami, Ari, pcap_to_text
from sipua import Phone
from truth import SCENARIOS


class Rig:
    def __init__(self, folder, out=None, users=("101", "102", "103")):
        """folder: what pbx-up was given.  users: the extensions whose telephones are ours;
        each binds its own port, so two rigs must not share one."""
        self.dir = os.path.realpath(folder)
        self.env = dict(ln.strip().split("=", 1) for ln in open(f"{self.dir}/pbx.env") if "=" in ln)
        e = lambda k: int(self.env["PBX_" + k])
        self.root, self.pbx, self.base = f"{self.dir}/root", ("127.0.0.1", e("SIP")), e("BASE")
        self.ami, self.http, self.pstn = ("127.0.0.1", e("AMI")), ("127.0.0.1", e("HTTP")), e("PSTN")
        self.out = out or f"{self.dir}/captures"
        self.ctl = Ami(self.ami, "harness", "harness-ami")
        self.version = self._version()
        self.p, self.extra, self.procs, self.seq = {}, [], [], 0
        for u in users:
            self.p[u] = Phone(u, f"secret-{u}", self.pbx, ("127.0.0.1", self.base + 400 + int(u) - 100))
            self.p[u].register()

    def _version(self):
        self.ctl.send(Action="CoreSettings", ActionID="v")
        return self.ctl.wait(rb"AsteriskVersion: (\S+)").group(1).decode()

    def close(self):
        for p in self.procs:
            if p.poll() is None:
                p.kill()
                p.wait()
        for p in list(self.p.values()) + self.extra:
            try:
                p.register(0)
            except Exception:
                pass
            p.close()
        self.ctl.close()

    def extra_phone(self, user, port, **kw):
        """One more device, e.g. a silent observer on an agent's extension."""
        ph = Phone(user, f"secret-{user}", self.pbx, ("127.0.0.1", self.base + port), **kw)
        self.extra.append(ph)
        return ph

    # --- the PSTN
    def _sipp(self, xml, args, **marks):
        self.seq += 1
        text = open(f"{self.root}/srv/pbx/sipp/{xml}", encoding="utf-8").read()
        for k, v in marks.items():
            text = text.replace(f"@{k}@", str(v))
        name = f"/srv/pbx/sipp/run-{self.seq}.xml"
        open(self.root + name, "w", encoding="utf-8").write(text)
        cmd = ["chroot", self.root, "sipp", f"127.0.0.1:{self.pbx[1]}", "-sf", name, "-m", "1",
               "-i", "127.0.0.2", "-mi", "127.0.0.2", "-mp", str(self.base + 500 + 4 * (self.seq % 50)),
               "-nostdin", "-timeout", f"{60 + int(marks.get('HOLD', 0)) // 1000}s", "-timeout_error"] + args
        p = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=open(f"{self.dir}/sipp.err", "w"), cwd=self.dir)
        self.procs.append(p)
        return p

    def caller(self, did, who, hold=2500, extra=(), cancel=False):
        """sipp calls our number; talks `hold` ms (or rings `hold` ms and gives up)."""
        return self._sipp("caller-cancel.xml" if cancel else "caller.xml",
                          ["-s", did, "-p", str(self.pstn + 1 + self.seq % 15)],
                          FROM=who, HOLD=hold, EXTRA="".join(h + "\n" for h in extra))

    def callee(self, ring=800, hold=30000):
        p = self._sipp("callee.xml", ["-p", str(self.pstn)], RING=ring, HOLD=hold)
        time.sleep(0.7)          # sipp must be listening before the call comes
        return p

    # --- one scenario
    def perform(self, name):
        """Plays a scenario; what is true of it, and what went wrong, if anything."""
        for p in self.p.values():
            p.calls.clear()
            p.notifies.clear()
        self.procs, self.notes = [], {}
        err, truth = None, None
        try:
            truth = SCENARIOS[name](self)
            for p in self.procs:
                p.wait(30)
        except Exception as e:
            err = f"{type(e).__name__}: {e}"
        finally:
            for p in self.procs:
                if p.poll() is None:
                    p.kill()
                    p.wait()
                    err = err or "sipp did not end"
        rcs = [p.returncode for p in self.procs]
        if not err and any(rcs):
            err = f"sipp exit {rcs}"
        if truth and not err:
            err = self.check(truth)
        if truth:
            truth = dict(scenario=name, asterisk=self.version, about=(SCENARIOS[name].__doc__ or "").strip(), **truth)
            if self.notes:
                truth["notes"] = self.notes
        return truth, err

    def tidy(self):
        """Leaves nothing up for the next one."""
        for x in self.extra:
            try:
                x.unsubscribe()
                x.register(0)
            except Exception:
                pass
            x.close()
        self.extra.clear()
        for p in self.p.values():
            for c in p.calls:
                if c.state in ("up", "ringing", "out"):
                    try:
                        c.hangup()
                    except Exception:
                        pass

    def play(self, name):
        """Plays a scenario and records it."""
        os.makedirs(self.out, exist_ok=True)
        base, pcap = f"{self.out}/{name}", "/srv/pbx/log/sip.pcap"
        if os.path.exists(self.root + pcap):
            os.unlink(self.root + pcap)
        for c in ("pjsip set logger on", "pjsip set logger verbose off", f"pjsip set logger pcap {pcap}"):
            self.ctl.command(c)
        time.sleep(0.3)
        ami = Ami(self.ami, "screenpop", "screenpop-ami", base + ".ami")
        least = Ami(self.ami, "popmin", "popmin-ami", base + ".popmin.ami")
        ari = Ari(self.http, "screenpop", "screenpop-ari", base + ".ari.jsonl")
        t0 = time.time()
        truth, err = self.perform(name)
        time.sleep(1.2)
        ami.close()
        least.close()
        ari.close()
        self.ctl.command("pjsip set logger off")
        time.sleep(0.3)
        n = pcap_to_text(self.root + pcap, base + ".sip.log")
        if os.path.exists(self.root + pcap):
            os.replace(self.root + pcap, base + ".pcap")
        if truth:
            with open(base + ".expected.json", "w", encoding="utf-8") as f:
                json.dump(truth, f, indent=1, ensure_ascii=False)
        ev = [d for d in ami.events() if "Event" in d]
        print(f"{'FAIL' if err else 'ok':5}{name:34}{time.time()-t0:5.1f}s  ami {len(ev):4} events "
              f"{len(ami.buf):7} bytes  ari {ari.n:3}  sip {n:3}" + (f"  {err}" if err else ""))
        sys.stdout.flush()
        self.tidy()
        return not err

    def keep(self, name, folder):
        """Lays a recording down the way the project's tests read it."""
        to = f"{folder}/{name}"
        os.makedirs(to, exist_ok=True)
        for end, as_ in ((".ami", "recording.ami"), (".popmin.ami", "popmin.ami"), (".expected.json", "expected.json")):
            shutil.copyfile(f"{self.out}/{name}{end}", f"{to}/{as_}")

    def check(self, truth):
        """The phones' own view: did they ring, did they talk?"""
        if set(truth["agents"]) != set(self.p):      # leaving one out would check nothing
            return f"expectation names {sorted(truth['agents'])}, not every phone"
        for u, want in truth["agents"].items():
            calls = self.p[u].calls + [c for x in self.extra if x.user == u and not x.observe for c in x.calls]
            rang = sum(1 for c in calls if c.incoming and any(s == "ringing" for _, s, _ in c.history))
            up = sum(1 for c in calls if any(s == "up" for _, s, _ in c.history))
            # several devices of one agent ring as one line
            if rang != want.get("devices", want.get("rang", 0)) or up != want.get("talked", 0):
                return f"{u}: rang {rang}, talked {up}; expected {want}"
        return None
