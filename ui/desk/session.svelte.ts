/* Who sits at the desk: signing in and out, and locking when nobody is there. */
import type { Backend, Stop } from '../backend';
import type { Role } from '../generated/Role';
import type { SessionView } from '../generated/SessionView';
import { watchPresence } from '../shared/presence';
import { why } from '../shared/said';

const RANK: Role[] = ['agent', 'supervisor', 'admin'];

export class Session {
  view = $state.raw<SessionView | null>(null);
  /** Who sits here could not be read; then the pages say what is wrong. */
  failed = $state(false);
  problem = $state<string | null>(null);
  busy = $state(false);
  /** Somebody else wants to sign in; until then the pages stay whose they are. */
  switching = $state(false);

  readonly #backend: Backend;
  #active = Date.now();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Several people share the desk. */
  get shared(): boolean {
    return (this.view?.people.length ?? 0) > 0;
  }

  /** The pages wait for a PIN. */
  get out(): boolean {
    return this.shared && (this.view?.signed_in === null || this.view!.locked || this.switching);
  }

  get known(): boolean {
    return this.view !== null || this.failed;
  }

  /** Whether whoever sits here may open what is for this role and those above. */
  may(least: Role): boolean {
    const role = this.view?.signed_in?.role;
    return !this.shared || (!this.out && role !== undefined && RANK.indexOf(role) >= RANK.indexOf(least));
  }

  /** Keeps up with who sits here until it is stopped. */
  follow(): Stop {
    let gone = false;
    const active = () => void (this.#active = Date.now());
    const stops: Stop[] = [watchPresence(active)];
    const heard = (listening: Promise<Stop>) => void listening.then((end) => (gone ? end() : void stops.push(end)));
    heard(this.#backend.onAtTheDesk(active));
    heard(this.#backend.onCallLogChanged(() => void this.read()));
    void this.read();
    return () => {
      gone = true;
      for (const stop of stops) stop();
    };
  }

  async read(): Promise<void> {
    try {
      const view = await this.#backend.session();
      if (JSON.stringify(view) !== JSON.stringify(this.view)) this.view = view;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  /** Locks a shared desk where nobody has done anything for as long as the settings say. */
  tick(now: number): void {
    const minutes = this.view?.lock_minutes ?? 0;
    if (minutes > 0 && this.view?.signed_in && !this.out && now - this.#active >= minutes * 60_000) void this.lock();
  }

  async signIn(name: string, pin: string): Promise<boolean> {
    const done = await this.#ask(() => this.#backend.signIn(name, pin));
    if (done) [this.switching, this.#active] = [false, Date.now()];
    return done;
  }

  signOut(): Promise<boolean> {
    this.switching = false;
    return this.#ask(() => this.#backend.signOut());
  }

  lock(): Promise<boolean> {
    return this.#ask(() => this.#backend.lockDesk());
  }

  async #ask(work: () => Promise<SessionView>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      [this.view, this.problem] = [await work(), null];
      return true;
    } catch (error) {
      this.problem = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
