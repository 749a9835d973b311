/* Those who share the desk of the demonstration: nobody, until somebody is added. */
import type { SessionView } from '../generated/SessionView';
import type { UserRequest } from '../generated/UserRequest';
import type { UserView } from '../generated/UserView';

type Kept = UserRequest & { id: number; pin: string };

const refused = (code: string, key: string, params: Record<string, string> = {}) => ({ code, said: [{ key, params }], message: '' });

/** Keeps people, PINs and who is signed in as long as the page lives. */
export function sessionDemo(people: [UserRequest, string][] = []) {
  let kept: Kept[] = people.map(([user, pin], i) => ({ ...user, id: i + 1, pin }));
  let me: number | null = null;
  let locked = false;
  const who = ({ name, role }: Kept) => ({ name, role });
  const view = (): SessionView => {
    const mine = kept.find(({ id }) => id === me);
    return { people: kept.map(who), signed_in: mine ? who(mine) : null, locked: locked && mine !== undefined, lock_minutes: 10 };
  };
  const admins = (but: number | null) => kept.filter(({ id, role }) => role === 'admin' && id !== but).length;
  return {
    view,
    signIn(name: string, pin: string): SessionView {
      const user = kept.find((one) => one.name === name);
      if (user?.pin !== pin) throw refused('wrong_pin', 'refused.wrong_pin');
      [me, locked] = [user.id, false];
      return view();
    },
    signOut: () => (([me, locked] = [null, false]), view()),
    lock: () => ((locked = true), view()),
    users: (): UserView[] => kept.map(({ pin: _, ...user }) => ({ ...user, added: new Date().toISOString(), waits_until: null, me: user.id === me })),
    add(user: UserRequest, pin: string) {
      if (!/^\d{4,12}$/.test(pin)) throw refused('bad_pin', 'refused.bad_pin');
      if (kept.length === 0 && user.role !== 'admin') throw refused('first_is_admin', 'refused.first_is_admin');
      kept = [...kept, { ...user, id: 1 + Math.max(0, ...kept.map(({ id }) => id)), pin }];
    },
    change(id: number, user: UserRequest) {
      if (user.role !== 'admin' && admins(id) === 0) throw refused('last_admin', 'refused.last_admin');
      kept = kept.map((one) => (one.id === id ? { ...one, ...user } : one));
    },
    setPin: (id: number, pin: string) => void (kept = kept.map((one) => (one.id === id ? { ...one, pin } : one))),
    remove(id: number) {
      if (admins(id) === 0) throw refused('last_admin', 'refused.last_admin');
      kept = kept.filter((one) => one.id !== id);
    },
  };
}
