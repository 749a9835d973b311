// Measures in the page: from an input to the second animation frame that has what came of it, in milliseconds. The last
// argument of each call takes the times.

/** Two frames later what was drawn until now is on the screen. */
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));

/** When `seen` holds, looked at whenever the page changes. */
function changed(seen) {
  return new Promise((done) => {
    const observer = new MutationObserver(() => look());
    const look = () => {
      if (!seen()) return;
      observer.disconnect();
      done();
    };
    observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    look();
  });
}

const bench = {
  /** An empty page: what is typed stands there, and nothing else happens. */
  async floor(count) {
    document.body.innerHTML = '<input><p></p>';
    const [input, text] = document.body.children;
    input.addEventListener('input', () => (text.textContent = input.value));
    const times = [];
    for (let n = 0; n < count; n += 1) {
      await painted();
      const start = performance.now();
      input.value = `typed ${n}`;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      times.push((await painted()) - start);
    }
    return times;
  },

  /** What is typed into the open search, each in place of the one before. */
  async search(all) {
    const box = document.querySelector('[data-testid=search]');
    const input = box.querySelector('[data-testid=search-input]');
    const type = (text) => {
      input.value = text;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const found = () => box.querySelector('[data-testid=found], [data-testid=found-product]') !== null;
    const times = [];
    for (const text of all) {
      type('');
      await changed(() => !found());
      await painted();
      const start = performance.now();
      type(text);
      await changed(() => found() || box.querySelector('.said')?.textContent.includes(text.trim()));
      times.push((await painted()) - start);
    }
    return times;
  },

  /** Pages that are opened from another one, each until `there` is on it. */
  async open(addresses, there) {
    const times = [];
    for (const address of addresses) {
      location.hash = '#/connection';
      await changed(() => document.querySelector(there) === null);
      await painted();
      const start = performance.now();
      location.hash = address;
      await changed(() => document.querySelector(there) !== null);
      times.push((await painted()) - start);
    }
    return times;
  },

  /** Scrolls by `step` pixels a frame. Each frame is looked at as it will be painted: before the page hears of the scrolling. */
  async scroll(step, most) {
    const body = document.querySelector('.body');
    const { left, top, bottom } = body.getBoundingClientRect();
    let [frames, blank, waited] = [0, 0, 0];
    while (frames < most && waited < 600) {
      await new Promise((next) => requestAnimationFrame(next));
      const before = body.scrollTop;
      body.scrollTop += step;
      // the next page is still being read
      if (body.scrollTop === before) waited += 1;
      else frames += 1;
      const end = document.querySelector('table').getBoundingClientRect().bottom;
      let isBlank = false;
      for (let y = top + 45; y < Math.min(bottom, end) - 2; y += 11) {
        const row = document.elementFromPoint(left + 200, y)?.closest('tr[data-index]');
        isBlank ||= !row || row.getAttribute('aria-busy') === 'true' || row.textContent.trim() === '';
      }
      blank += isBlank;
    }
    return [frames, blank, waited, document.querySelector('table').querySelectorAll('tbody tr').length];
  },
};

const done = arguments[arguments.length - 1];
bench[arguments[0]](...[...arguments].slice(1, -1)).then(done, (error) => done(String(error)));
