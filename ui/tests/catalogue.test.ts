/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../messages/en.json';
import es from '../messages/es.json';
import hr from '../messages/hr.json';

const ROOT = join(import.meta.dirname, '..');
const FORM = /\.(one|few|many|other)$/;
const catalogues: Record<string, Record<string, string>> = { en, es, hr };

const bases = (catalogue: Record<string, string>) => new Set(Object.keys(catalogue).map((key) => key.replace(FORM, '')));
const isPlural = (base: string) => `${base}.other` in en;
const parameters = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Every source of the user interface, as one text a file. */
const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !/^(node_modules|dist|tests|generated|demo)\b/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Every source of Rust, as one text. */
const RUST = join(ROOT, '../src-tauri/src');
const rust = readdirSync(RUST, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.rs'))
  .map((path) => ({ path, text: readFileSync(join(RUST, path), 'utf8') }));

/** The parameters that a saying is given right behind its key; nothing where the expression goes on otherwise. */
function given(rest: string): string[] | null {
  const params: string[] = [];
  for (;;) {
    const next = /^\s*\.with(?:_said)?\(\s*"(\w+)"/.exec(rest);
    if (next === null) return /^[;,\s})]/.test(rest) ? params : null;
    params.push(next[1]!);
    let [at, depth] = [next[0].length, 1];
    for (; depth > 0 && at < rest.length; at += 1) {
      if (rest[at] === '"') at = rest.indexOf('"', at + 1);
      else depth += rest[at] === '(' ? 1 : rest[at] === ')' ? -1 : 0;
    }
    rest = rest.slice(at);
  }
}

describe.each(['en', 'es', 'hr'])('the catalogue in %s', (lang) => {
  const catalogue = catalogues[lang]!;

  it('has the same messages as the others', () => {
    expect([...bases(catalogue)].sort()).toEqual([...bases(en)].sort());
  });

  it('has each form that its plural rules can ask for', () => {
    const forms = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    const missing = [...bases(catalogue)].filter(isPlural).flatMap((base) => forms.map((form) => `${base}.${form}`).filter((key) => !(key in catalogue)));
    expect(missing).toEqual([]);
  });

  it('has the same parameters in a message as English', () => {
    const wrong = Object.keys(catalogue).filter((key) => !FORM.test(key) && String(parameters(catalogue[key]!)) !== String(parameters((en as Record<string, string>)[key]!)));
    expect(wrong).toEqual([]);
  });

  it('has no message that is empty', () => {
    expect(Object.entries(catalogue).filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe('the sources', () => {
  it('use every message', () => {
    const unused = [...bases(en)].filter((key) => !sources.some(({ text }) => text.includes(`'${key}'`)) && !rust.some(({ text }) => text.includes(`"${key}"`)));
    expect(unused).toEqual([]);
  });

  it('ask for no message that is not there', () => {
    const asked = sources.flatMap(({ path, text }) => [...text.matchAll(/\bt(n?)\(\s*'([\w.]+)'/g)].map(([, many, key]) => ({ path, key: key!, many: many === 'n' })));
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter(({ key, many }) => !bases(en).has(key) || isPlural(key) !== many)).toEqual([]);
  });

  it('of Rust name no message that is not there, and give each the parameters it has', () => {
    const said = rust.flatMap(({ path, text }) => [...text.matchAll(/Saying::of\(\s*"([\w.]+)",?\s*\)/g)].flatMap((found) => {
      const params = given(text.slice(found.index + found[0].length));
      return params === null ? [] : [{ path, key: found[1]!, params: params.sort() }];
    }));
    expect(said.length).toBeGreaterThan(30);
    const wrong = said.filter(({ key, params }) => String([...new Set(parameters((en as Record<string, string>)[key] ?? '{missing}'))]) !== String(params));
    expect(wrong).toEqual([]);
  });

  it('write no customer text as HTML', () => {
    expect(sources.filter(({ text }) => /\{@html|innerHTML|insertAdjacentHTML|document\.write/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('import Tauri in one file only', () => {
    expect(sources.filter(({ text }) => /from '@tauri-apps|import\('@tauri-apps/.test(text)).map(({ path }) => path)).toEqual(['backend.ts']);
  });

  it('keep every component short', () => {
    expect(sources.filter(({ path, text }) => path.endsWith('.svelte') && text.split('\n').length > 200).map(({ path }) => path)).toEqual([]);
  });
});
