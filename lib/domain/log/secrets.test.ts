import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inEnglish } from "../sentence/in-language.ts";
import { compileSafePattern } from "./safe-pattern.ts";
import { countMasked, maskSecrets, SECRET_RULE_WORDS } from "./secrets.ts";

const AWS_KEY = `AKIA${"Q3EXAMPLE7LIBRARY"}`.slice(0, 20);
const JWT = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJraW0ifQ", "c2lnbmF0dXJl"].join(".");
const key = (kind: string, body: string) => `-----BEGIN ${kind}PRIVATE KEY-----${body}-----END ${kind}PRIVATE KEY-----`;
/** Built from pieces, so that no scanner takes this file for a leak. */
const vendor = (prefix: string, length: number) =>
  prefix + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4".slice(0, length);

describe("maskSecrets", () => {
  test.each<[string, string, string]>([
    ["private key", key("RSA ", "\nMIIEpAIBAAKCAQEA\n"), "MIIEpAIBAAKCAQEA"],
    ["private key", key("", "\\nMIIEpAIBAAKCAQEA\\n"), "MIIEpAIBAAKCAQEA"],
    ["private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk cut here", "b3BlbnNzaC1rZXk"],
    ["private key", `${"aB3".repeat(21)}x`, "aB3aB3"],
    ["AWS key id", `using ${AWS_KEY} for S3`, AWS_KEY],
    ["named secret", "aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12", "wJalrXUtnFEMI"],
    ["AWS signature", "GET /x?X-Amz-Signature=abc123def&a=1", "abc123def"],
    ["JSON web token", `sub=${JWT} ok`, "c2lnbmF0dXJl"],
    ["vendor token", `clone with ${vendor("ghp_", 36)}`, "ghp_a1B2"],
    ["vendor token", vendor("glpat-", 20), "glpat-"],
    ["vendor token", vendor("xoxb-", 30), "xoxb-"],
    ["vendor token", vendor("sk_live_", 24), "sk_live_"],
    ["vendor token", vendor("AIza", 35), "AIza"],
    ["vendor token", vendor("swy_", 43), "swy_a1"],
    ["vendor token", "https://hooks.slack.com/services/T0/B0/xyz", "T0/B0"],
    ["authorization", "Authorization: Basic a2ltOmh1bnRlcjI=", "a2ltOmh1bnRlcjI"],
    ["authorization", '{"authorization":"Bearer abcdef"}', "abcdef"],
    ["authorization", "sent bearer abc.def-123456", "abc.def"],
    ["cookie", "Cookie: JSESSIONID=0123; theme=dark", "0123"],
    ["cookie", '"set-cookie":"sid=abc; Path=/"', "sid=abc"],
    ["password in a URL", "postgres://app:hunter2@db:5432/library", "hunter2"],
    ["password in a URL", "jdbc:mysql://app:p@ss@db/library", "p@ss"],
    ["password in a URL", "jdbc:oracle:thin:scott/tiger@//db:1521/x", "tiger"],
    ["password in a URL", "redis://:hunter2@cache:6379", "hunter2"],
    ["named secret", "jdbc:postgresql://db/library?user=app&password=hunter2&ssl=true", "hunter2"],
    ["named secret", "jdbc:sqlserver://db;user=sa;password={hunter2};encrypt=true".replace(/[{}]/g, ""), "hunter2"],
    ["named secret", "DB_PASSWORD=hunter2", "hunter2"],
    ["named secret", "spring.datasource.password: hunter2", "hunter2"],
    ["named secret", '{"userPassword":"correct horse","user":"kim"}', "correct horse"],
    ["named secret", '{"body":"{\\"password\\":\\"hunter2\\"}"}', "hunter2"],
    ["named secret", "{'client_secret': 'abc def'}", "abc def"],
    ["named secret", "<password>hunter2</password>", "hunter2"],
    ["named secret", "mysql --password hunter2 -h db", "hunter2"],
    ["named secret", "curl --api-key=abc", "=abc"],
    ["named secret", "api_key: 12345", "12345"],
    ["named secret", "?access_token=a1b2c3d4e5&x=1", "a1b2c3d4e5"],
    ["named secret", "비밀번호: hunter2", "hunter2"],
    ["named secret", "login ok passwd=1234 user=kim", "1234"],
    ["resident number", "회원 900101-1234567 가입", "1234567"],
    ["resident number", "rrn 900101 1234567", "1234567"],
    ["resident number", "id=9001011234568", "9001011234568"],
    ["card number", "paid with 4111 1111 1111 1111", "4111 1111"],
  ])("%s: %s", (rule, line, secret) => {
    const masked = maskSecrets(line);
    expect(masked).toContain(`[masked: ${rule}]`);
    expect(masked).not.toContain(secret);
    expect(maskSecrets(masked)).toBe(masked);
    expect(SECRET_RULE_WORDS.map(({ name }) => name)).toContain(rule);
  });

  test.each<[string, string, string]>([
    ["colours inside of the name", "pass\u001b[31mword\u001b[0m=hunter2", "named secret"],
    ["colours inside of the value", "password=\u001b[1mhun\u001b[0mter2", "named secret"],
    ["colours inside of a key", `${AWS_KEY.slice(0, 7)}\u001b[0m${AWS_KEY.slice(7)}`, "AWS key id"],
    ["a zero-width space", "pass\u200bword: hunter2", "named secret"],
    ["a soft hyphen", "900101-12\u00ad34567", "resident number"],
    ["a NUL", "api_\u0000key=hunter2", "named secret"],
    ["JSON's escapes in the name", '{"\\u0070assword":"hunter2"}', "named secret"],
    ["JSON's escapes in a key", AWS_KEY.replace("A", "\\u0041"), "AWS key id"],
    ["JSON within JSON", '{"body":"{\\u0022password\\u0022:\\u0022hunter2\\u0022}"}', "named secret"],
    ["PHP's slashes", '{"url":"postgres:\\/\\/app:hunter2@db\\/x"}', "password in a URL"],
    ["a URL in a URL", "next=postgres%3A%2F%2Fapp%3Ahunter2%40db", "password in a URL"],
    ["a query in a URL", "GET /login?to=%2Fx%3Fpassword%3Dhunter2%26a%3D1", "named secret"],
    ["twice encoded", "to=%252Fx%253Fpassword%253Dhunter2", "named secret"],
    ["a header in a URL", "h=Authorization%3A%20Basic%20a2ltOmh1bnRlcjI%3D", "authorization"],
    ["JSON in a URL", "q=%7B%22client_secret%22%3A%22hunter2%22%7D", "named secret"],
    ["HTML", "&quot;password&quot;:&quot;hunter2&quot;", "named secret"],
    ["Python's bytes", "b'pass\\x77ord=hunter2'", "named secret"],
  ])("nothing hides a secret: %s", (_how, line, rule) => {
    const masked = maskSecrets(line);
    expect(masked).toContain(`[masked: ${rule}]`);
    expect(masked.replaceAll(/[^\w]/g, "")).not.toMatch(/hunter2|a2ltOmh1bnRlcjI|1234567|EXAMPLE/);
    expect(maskSecrets(masked)).toBe(masked);
  });

  test("escapes and colours that hide nothing stay as they were written", () => {
    for (const line of ["GET /a%20b?c=%2F 200", '{"a":"\\u00e9\\/x"}', "\u001b[31mred\u001b[0m", "👩\u200d🔬 &amp; co"])
      expect(maskSecrets(line)).toBe(line);
  });

  test("no split of a key, by whatever nobody sees, leaves it whole", () => {
    const unseen = fc.constantFrom("\u001b[0m", "\u001b[38;5;9m", "\u200b", "\u2060", "\u0007", "\u202e", "\ufeff");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), unseen, (at, what) => {
        expect(maskSecrets(`x ${AWS_KEY.slice(0, at)}${what}${AWS_KEY.slice(at)} y`)).toBe("x [masked: AWS key id] y");
      }),
    );
  });

  test.each([
    "GET /books?page=17 200 3ms slot=blue",
    "SyntaxError: Unexpected token: }",
    "token: expired",
    "password: required",
    '{"password":null,"tokens":12}',
    "secret=",
    "Basic information was saved",
    "1764435601123 ERROR x",
    "epoch 1701011234567 ms",
    "digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "order 1234-5678-9012-3456",
    "http://books:8080/x@y",
    "Changed 2 passwords",
    "대출 실패: 회원 900101-1******",
    "    at com.example.TokenFilter.doFilter(TokenFilter.java:42)",
    "keyboard: ko-KR",
  ])("leaves %s", (line) => {
    expect(maskSecrets(line)).toBe(line);
  });

  test("keeps what stands around a secret, so that the line can still be read", () => {
    expect(maskSecrets('connect postgres://app:hunter2@db:5432/library as {"password":"x","user":"kim"}')).toBe(
      'connect postgres://app:[masked: password in a URL]@db:5432/library as {"password":"[masked: named secret]","user":"kim"}',
    );
  });

  test("an application's own rules come besides", () => {
    const own = [{ name: "member number", pattern: compileSafePattern("M-[0-9]{6,}") }];
    expect(maskSecrets("loan of M-0012345 and M-777777", own)).toBe(
      "loan of [masked: member number] and [masked: member number]",
    );
  });

  test("the runbook shows every rule", () => {
    const runbook = readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8");
    for (const { name, about } of SECRET_RULE_WORDS) expect(runbook).toContain(`| ${name} | ${inEnglish(about)} |`);
  });

  test("says how often each rule masked something", () => {
    expect(countMasked([maskSecrets("password=a1 pwd=b2"), maskSecrets(`x ${AWS_KEY}`)])).toEqual([
      { name: "named secret", count: 2 },
      { name: "AWS key id", count: 1 },
    ]);
  });

  test("no line makes it search for minutes", () => {
    const pieces = [
      "password",
      "a:",
      "-----BEGIN PRIVATE KEY-----",
      "eyJaaaaaaaa.",
      "bearer ",
      "x://",
      "9",
      "jdbc:oracle:a:",
    ];
    for (const piece of [...pieces, "cookie:", "token=", "a", '\\"', "authorization:", "AKIA", "4111 ", "--secret "])
      maskSecrets(piece.repeat(Math.ceil(16_384 / piece.length)));
  });

  test("a named secret is gone whatever it is made of", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!#$%^*+/.~|-]{6,40}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom("password=", 'DB_PASSWORD="', '"secret":"', "api_key: "), (text, name) => {
        fc.pre(!/^(?:null|nil|none|true|false|undefined|empty|required|missing|invalid|expired|\*+|x+)$/i.test(text));
        const quote = name.endsWith('"') ? '"' : "";
        expect(maskSecrets(`a ${name}${text}${quote} b`)).toBe(`a ${name}[masked: named secret]${quote} b`);
      }),
    );
  });
});

describe("a safe pattern", () => {
  test.each<[string, string, number, [number, number] | null]>([
    ["a+", "baaac", 0, [1, 4]],
    ["a+", "baaac", 2, [2, 4]],
    ["ab|abc", "xabc", 0, [1, 4]],
    ["^b", "ab", 1, null],
    ["x*", "aa", 0, null],
    ["(a|b)+c", "ababc", 0, [0, 5]],
    ["\\d{3}", "12 345", 0, [3, 6]],
  ])("finds %s in %s from %i", (pattern, text, from, place) => {
    const found = compileSafePattern(pattern).find(text, from);
    expect(found && [found.start, found.end]).toEqual(place);
  });

  test("finds where the engine's own does, for what both read alike", () => {
    const atom = fc.constantFrom("a", "b", "[ab]", "\\d", "c");
    const part = fc.tuple(atom, fc.constantFrom("", "+", "{2}")).map(([what, times]) => what + times);
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.stringMatching(/^[abc1]{0,20}$/),
        (parts, text) => {
          const found = compileSafePattern(parts.join("")).find(text, 0);
          const own = new RegExp(parts.join("")).exec(text);
          expect(found?.start ?? null).toBe(own?.index ?? null);
          if (found && own) expect(found.end).toBeGreaterThanOrEqual(own.index + own[0].length);
        },
      ),
    );
  });
});
