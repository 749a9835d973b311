/* Those who share the desk, as an admin changes them. */
import type { Backend } from '../backend';
import type { UserRequest } from '../generated/UserRequest';
import type { UserView } from '../generated/UserView';
import { why } from '../shared/said';

export class Users {
  list = $state.raw<UserView[] | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async read(): Promise<void> {
    try {
      this.list = await this.#backend.users();
    } catch (error) {
      this.problem = why(error);
    }
  }

  add(user: UserRequest, pin: string): Promise<boolean> {
    return this.#ask(() => this.#backend.addUser(user, pin));
  }

  /** Writes somebody anew; with a PIN, that too. */
  change(id: number, user: UserRequest, pin: string): Promise<boolean> {
    return this.#ask(async () => {
      await this.#backend.changeUser(id, user);
      if (pin !== '') await this.#backend.setPin(id, pin);
    });
  }

  remove(id: number): Promise<boolean> {
    return this.#ask(() => this.#backend.removeUser(id));
  }

  async #ask(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await work();
      this.problem = null;
      await this.read();
      return true;
    } catch (error) {
      this.problem = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
