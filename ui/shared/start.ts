/* What both pages do before they show anything: language, theme, backend. */
import { openBackend, type Backend } from '../backend';
import { chooseLanguage, locale } from './words';

/** Sets the page up by the system's wishes, with `?lang=` and `?theme=` above them. */
export async function start(): Promise<Backend> {
  const wish = new URLSearchParams(location.search);
  chooseLanguage(wish.get('lang'), navigator.language);
  document.documentElement.lang = locale();
  followTheme(wish.get('theme'));
  return openBackend();
}

function followTheme(wish: string | null): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme = wish === 'dark' || wish === 'light' ? wish : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = theme;
  };
  dark.addEventListener('change', apply);
  apply();
}
