/* A real browser over the built pages, for what needs a layout: contrast, sizes, focus. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';

const ROOT = join(import.meta.dirname, '../..');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser to use: the one in `RINGSIDE_BROWSER`, else the first that is installed. */
function browserPath(): string {
  if (process.env.RINGSIDE_BROWSER) return process.env.RINGSIDE_BROWSER;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = files.find(isProgram);
  if (!found) throw new Error(`none of ${NAMES.join(', ')} is installed; install one, or name another in RINGSIDE_BROWSER`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Wish {
  page?: 'panel.html' | 'index.html';
  state?: string;
  theme?: 'light' | 'dark';
  lang?: string;
  width?: number;
  height?: number;
  /** The page of the desk, as its address has it. */
  hash?: string;
}

/** A server of the built pages and a browser that looks at them. */
export class Stage {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  readonly page: Page;

  private constructor(server: PreviewServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  static async open(): Promise<Stage> {
    const outDir = 'node_modules/.browser';
    // Apart from this process, which vitest told to build for tests.
    const { VITEST: _, ...env } = process.env;
    execFileSync('npx', ['vite', 'build', '--outDir', outDir, '--logLevel', 'error'], { cwd: ROOT, env: { ...env, NODE_ENV: 'production' }, stdio: 'inherit' });
    const server = await preview({ root: ROOT, configFile: false, logLevel: 'error', build: { outDir }, preview: { port: 0, strictPort: false, host: '127.0.0.1' } });
    // A browser that runs as root has no sandbox; the pages are our own.
    const browser = await chromium.launch({ executablePath: browserPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    return new Stage(server, browser, await context.newPage());
  }

  /** Shows a state and waits until it stands. */
  async show({ page = 'panel.html', state = 'idle', theme = 'light', lang = 'en', width = 420, height = 860, hash = '' }: Wish): Promise<void> {
    const { port } = this.#server.httpServer.address() as { port: number };
    await this.page.setViewportSize({ width, height });
    await this.page.goto(`http://127.0.0.1:${port}/${page}?state=${state}&theme=${theme}&lang=${lang}${hash}`);
    await this.page.waitForSelector(page === 'panel.html' ? '[data-testid=panel]' : 'main');
    await this.page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined))))));
  }

  /** The other theme, without loading the page anew. */
  async theme(theme: 'light' | 'dark'): Promise<void> {
    await this.page.evaluate((theme) => void (document.documentElement.dataset.theme = theme), theme);
  }

  /** What axe-core finds wrong in the page as it stands, one line a rule. */
  async findings(): Promise<string[]> {
    const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await this.page.evaluate(source);
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} (${any.map(({ message }) => message).join('; ')})`).join('\n')}`);
    });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await new Promise((done) => this.#server.httpServer.close(done));
  }
}
