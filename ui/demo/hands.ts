/* What somebody did in a state of the panel: a list opened, something typed. */

const find = <E extends HTMLElement>(id: string) => document.querySelector<E>(`[data-testid="${id}"]`);

/** Presses what has this test id, once it is there. */
async function press(id: string): Promise<void> {
  await new Promise((done) => setTimeout(done, 5));
  find(id)?.click();
}

async function type(id: string, text: string): Promise<void> {
  const input = find<HTMLInputElement>(id);
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

const HANDS: Record<string, () => Promise<void>> = {
  'follow-up': async () => (await type('when', 'Fri 10:00'), await type('promise', 'Check that the 6 cases arrived')),
  'follow-up-unclear': async () => (await type('when', 'when the lorry comes'), await type('promise', 'Check that the 6 cases arrived')),
  ticket: async () => (await press('open-ticket'), await press('ticket-kind-complaint')),
  templates: () => press('open-template'),
  dispositions: () => press('open-dispositions'),
};

/** Does in the page what was done in the state of that name. */
export function handle(name: string): void {
  const hands = Object.hasOwn(HANDS, name) ? HANDS[name] : undefined;
  if (hands) setTimeout(() => void hands(), 5);
}
