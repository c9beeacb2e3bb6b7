/** What an expression looks at: a path begins with a slash, a host has none; neither is ever empty. */
type Place = "path" | "host";

/** Whether it matches every request, also if all of a text has to match. */
const FOR_ALL = { path: /^(?:\/?\.\*|\.\+)$/, host: /^\.[*+]$/ } as const;
/** The same where a part that matches is enough. */
const IN_PART = { path: /^(?:[/.][?*+]?)?(?:\.\*)?$/, host: /^(?:\.[?*+]?)?(?:\.\*)?$/ } as const;

/** Whether an expression matches every request, whether AWS compares all of a text with it or looks for a part: AWS does not say. */
export function isForAll(expression: string, on: Place): boolean {
  return alternatives(expression).some((one) => FOR_ALL[on].test(one.replace(/^\^|\$$/g, "")));
}

/** The same if AWS looks for a part that matches, as most expressions' writers expect: "^/" and "." match every path as well. */
export function isForAllInPart(expression: string, on: Place): boolean {
  return isForAll(expression, on) || alternatives(expression).some((one) => IN_PART[on].test(one.replace(/^\^/, "")));
}

/** Its alternatives, without what changes nothing: groups, lazy and spelled-out repeats, escaped slashes, a flag for case. */
function alternatives(expression: string): string[] {
  let text = expression
    .replace(/^(\^?)\(\?[is]{1,2}\)/, "$1")
    .replaceAll("\\/", "/")
    .replace(/\[(?:\\s\\S|\\S\\s|\\d\\D|\\D\\d|\\w\\W|\\W\\w)\]/g, ".")
    .replaceAll("{0,}", "*")
    .replaceAll("{1,}", "+")
    .replace(/([*+])\?/g, "$1");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\((?:\?:)?([^()|[\]\\]*)\)(?![*+?{])/g, "$1").replaceAll(".*.*", ".*");
  }
  const [, begin = "", inner, end = ""] = /^(\^?)\((?:\?:)?([^()[\]\\]*)\)(\$?)$/.exec(text) ?? [];
  if (inner !== undefined) return inner.split("|").map((one) => `${begin}${one}${end}`);
  return /[()[\]\\]/.test(text) ? [text] : text.split("|");
}
