/** Names whose value is a secret whatever it looks like, and those where it has to look like one. */
const ALWAYS =
  "(?<!com|sur|tres|by)pass(?:word|wd|phrase|code)?|pwd|(?<![a-z])pw(?![a-z])|secret|(?:api|access|private|secret|signing|encryption|master)[_-]?key|client[_-]?secret|credentials?|비밀\\s?번호|비번|암호|패스워드|시크릿|(?:인증|비밀|개인)\\s?키|인증\\s?번호";
const IF_LIKE_ONE =
  "token|session[_-]?id|sessionid|jsessionid|phpsessid|otp|auth|nonce|signature|app[_-]?key|주민(?:등록)?번호|토큰";
/** What names of the same secret end in: `password_confirmation`, `secret_key_base`, `password2`. */
const SUFFIX = "(?:_?(?:hash|value|text|plain|confirm(?:ation)?|base|again|repeat|\\d{1,2}))?";
/** "=", ":", JSON's and XML's, an option's space, and the value of a pair: `"name":"DB_PASSWORD","value":"x"`. */
const ASSIGNED = new RegExp(
  `(?:(${ALWAYS})|(${IF_LIKE_ONE}))${SUFFIX}(?:\\\\{0,3}["']?\\s{0,8}(?:=>|:=|[:=>＝：])\\s{0,8}|(?<=--[\\w-]{0,40})\\s{1,4}|\\\\{0,3}["']?(?:\\s{0,8},\\s{0,8}|\\s{1,40})\\\\{0,3}["']?value\\\\{0,3}["']?\\s{0,8}[:=]\\s{0,8})`,
  "gi",
);
const NO_SECRET =
  /^(?:null|nil|none|true|false|undefined|empty|yes|no|on|off|required|missing|invalid|expired|include|omit|same-origin|\*+|x{3,}|\[masked: .*|arn:[\w-]+:.*|[가-힣\s.!]+)$/i;
/** How many tests passed is no password. */
const COUNT = /^\d{1,3}$/;
/** A secret's own ARN: "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:library/db". */
const IN_ARN = /\barn:[\w-]{1,20}:secretsmanager:[\w-]{0,30}:\d{0,12}:$/;
/** "비밀번호는 hunter2 입니다": said in a sentence, with a digit in it. */
const SAID = /(?<=(?:비밀\s?번호|비번|패스워드)(?:는|은|가|이|를|을)?\s)(?=[!-~]*[a-z])(?=[!-~]*\d)[!-~]{6,80}/gi;
/** What a secret is cut off at where no quotes say its end. */
const BARE = /[^\s"'\\,;&<>)}\]]{1,500}/y;
/** The same in a connection string, which only a semicolon ends. */
const UNTIL_SEMICOLON = /[^;"'\n]{1,200}(?=;)/y;
const IN_CONNECTION_STRING = /;\s?(?:[\w ]{1,20})?$/;
/** A list or an object around the value: `["x"]`, `{"value":"x"}`. */
const AROUND = /(?:\[|\{\s{0,8}\\{0,3}["'](?:value|plain|text|secret|hash)\\{0,3}["']\s{0,8}:)\s{0,8}(?=\\{0,3}["'])/y;
export const NAMED = "named secret";

/** The text with `mark` in place of what follows the name of a secret. */
export function maskNamed(text: string, mark: string): string {
  let result = "";
  let done = 0;
  for (const match of text.matchAll(ASSIGNED)) {
    const from = match.index + match[0].length;
    if (from < done) continue;
    const before = text.slice(Math.max(0, match.index - 100), match.index);
    const found = valueAt(text, from, IN_CONNECTION_STRING.test(before));
    if (!found || NO_SECRET.test(found.text) || (match[1] === undefined && !looksSecret(found.text))) continue;
    if (match[1]?.toLowerCase() === "pass" && COUNT.test(found.text)) continue;
    if (match[1] === "secret" && IN_ARN.test(before)) continue;
    result += `${text.slice(done, found.start)}${mark}`;
    done = found.start + found.text.length;
  }
  return (result + text.slice(done)).replace(SAID, mark);
}

/** The value that begins there, without its quotes, which may be escaped; null for none, and for other objects and lists. */
function valueAt(text: string, from: number, inConnectionString: boolean): { start: number; text: string } | null {
  const at = (pattern: RegExp, place: number) => {
    pattern.lastIndex = place;
    return pattern.exec(text)?.[0];
  };
  const first = from + (at(AROUND, from)?.length ?? 0);
  const open = at(/\\{0,3}["']/y, first);
  if (open !== undefined) {
    const start = first + open.length;
    const limit = Math.min(text.length, start + 2000);
    let end = start;
    while (end < limit && !text.startsWith(open, end) && text[end] !== "\n")
      end += text[end] === "\\" && open.length === 1 ? 2 : 1;
    return end > start ? { start, text: text.slice(start, Math.min(end, text.length)) } : null;
  }
  const bare = (inConnectionString ? at(UNTIL_SEMICOLON, from) : undefined) ?? at(BARE, from);
  if (bare === undefined || /^[[{(]/.test(bare)) return null;
  return { start: from, text: bare };
}

/** Long, and no word: "token: expired" stays. */
const looksSecret = (text: string) =>
  text.length >= 8 && /\d|[A-Z].*[A-Z].*[a-z]|[+/=_]/.test(text) && !/\s/.test(text);
