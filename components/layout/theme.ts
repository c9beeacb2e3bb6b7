/** What the person chose; null follows the system. The server writes it to `data-theme`, so that nothing flashes. */
export type Theme = "light" | "dark" | null;

/** The cookie's name. */
export const THEME_COOKIE = "switchyard-theme";

/** The theme in a cookie's value; anything else follows the system. */
export function parseTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : null;
}

/** Turns light into dark and back, here and for the next visits. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = isDark ? "light" : "dark";
  root.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing from Safari and Firefox ESR.
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
