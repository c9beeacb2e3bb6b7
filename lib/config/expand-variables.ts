const VARIABLE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces `${NAME}` and `${NAME:-default}` as a shell does (an empty variable takes the default); `$$` is a dollar sign. */
export function expandVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; value: string } | { ok: false; missing: string } {
  let missing: string | null = null;
  const value = text.replace(VARIABLE, (match, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return match === "$$" ? "$" : match;
    const found = env[name];
    if (found !== undefined && found !== "") return found;
    if (fallback === undefined) missing ??= name;
    return fallback ?? "";
  });
  return missing === null ? { ok: true, value } : { ok: false, missing };
}
