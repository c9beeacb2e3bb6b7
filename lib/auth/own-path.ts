const OWN = "http://own.invalid";

/**
 * Where to go after signing in: the path and query of one of our own pages, "/" for anything else. What is checked is what a
 * browser will be given, because "/.//other.example" is a path of ours only until its dots are taken out.
 */
export function ownPath(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value[0] : value;
  if (!text?.startsWith("/") || !URL.canParse(text, OWN)) return "/";
  const { origin, pathname, search } = new URL(text, OWN);
  const path = `${pathname}${search}`;
  const isOurs = origin === OWN && /^\/(?![/\\])/.test(path) && new URL(path, OWN).href === `${OWN}${path}`;
  return isOurs ? path : "/";
}
