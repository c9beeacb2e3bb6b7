import { describe, expect, test } from "vitest";
import { maskSecrets } from "./secrets.ts";

/** Built from pieces, so that no scanner takes this file for a leak. */
const token = (prefix: string, length: number) =>
  prefix + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4".slice(0, length);
const hex = (length: number) => "0123456789abcdef".repeat(4).slice(0, length);

describe("forms in which secrets are written", () => {
  test.each([
    ["Server=db;Database=library;User Id=sa;Password=hunter2 horse;Encrypt=true", "horse"],
    ["jdbc:sqlserver://db:1433;user=sa;password=hunter2;encrypt=true", "hunter2"],
    ["비밀번호는 hunter2 입니다", "hunter2"],
    ["비번: hunter2", "hunter2"],
    ["비밀 번호 : hunter2", "hunter2"],
    ["비밀번호＝hunter2", "hunter2"],
    ["비밀번호：hunter2", "hunter2"],
    ["ＰＡＳＳＷＯＲＤ＝hunter2", "hunter2"],
    ["인증번호: 483920", "483920"],
    ["인증키=abcdef0123456789", "abcdef01"],
    ["액세스토큰: abcdef0123456789", "abcdef01"],
    ["외국인등록번호 900101-5234567", "5234567"],
    ['{"user":{"pw":"hunter2"}}', "hunter2"],
    ['{"new_password":"a","password_confirmation":"hunter2"}', "hunter2"],
    ["password2=hunter2", "hunter2"],
    ['{"password":["hunter2"]}', "hunter2"],
    ['{"password":{"value":"hunter2"}}', "hunter2"],
    ['<add key="Password" value="hunter2"/>', "hunter2"],
    ['{"name":"DB_PASSWORD","value":"hunter2"}', "hunter2"],
    ["- name: DB_PASSWORD\n  value: hunter2", "hunter2"],
    ["secret_key_base: hunter2", "hunter2"],
    [`APP_KEY=base64:${hex(40)}=`, hex(8)],
    [`GET /x?key=${hex(32)}`, hex(8)],
    ["curl -u ada:hunter2 https://x", "hunter2"],
    ["curl -s --user ada:hunter2 https://x", "hunter2"],
    ["mysqldump -uapp -phunter2 -h db", "hunter2"],
    ["redis-cli -h cache -a hunter2", "hunter2"],
    ["sshpass -p hunter2 ssh x", "hunter2"],
    ['headers={"Authorization": ["Bearer abcdef0123456789"]}', "abcdef01"],
    ["card=4111111111111111", "41111111"],
    [token("pypi-", 40), "a1B2"],
    [token("dckr_pat_", 27), "a1B2"],
    [token("hvs.", 40), "a1B2"],
    [`NRAK-${token("", 27).toUpperCase()}`, "A1B2"],
    [token("ATATT3xFfGF0", 40), "a1B2"],
    [token("lin_api_", 40), "a1B2"],
    [`mailgun key-${hex(32)}`, hex(8)],
    [`https://api.telegram.org/bot123456789:AA${token("", 33)}/sendMessage`, "a1B2"],
    [`${token("eyJ", 20)}..${token("", 8)}.${token("", 8)}.${token("", 8)}`, "a1B2"],
    [token("SAMLResponse=", 40), "a1B2"],
    [`AGE-SECRET-KEY-1${token("", 48).toUpperCase()}`, "A1B2"],
  ])("%s", (line, secret) => {
    const masked = maskSecrets(line);
    expect(masked).toContain("[masked: ");
    expect(masked).not.toContain(secret);
    expect(maskSecrets(masked)).toBe(masked);
  });

  test.each([
    "비밀번호: 필수",
    "비밀번호가 일치하지 않습니다",
    "비밀번호 오류 3회",
    "암호: 없음",
    "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:library/db-AbCdEf",
    "secret=arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:library/db",
    "authorization: failed",
    "Cookie: none",
    "compass: north",
    "tests pass=12",
    "pass: 12, fail: 0",
    "credentials=include",
    "sk-learn-is-a-library-for-people-who-learn",
    "order 4111111111111111 shipped",
    "curl -u ada https://x",
    "mysql -p",
    "password_attempts=3",
    "GET /x?key=books/4821/cover.jpg",
  ])("leaves %s", (line) => {
    expect(maskSecrets(line)).toBe(line);
  });

  test("no line makes it search for minutes", () => {
    const pieces = [
      "curl ",
      "mysql -",
      "redis-cli ",
      "card ",
      ";a",
      "비밀번호 ",
      "비밀번호는 a1",
      '"name":"password",',
      "card 1",
    ];
    for (const piece of [
      ...pieces,
      "Cookie: a",
      "eyJaaaaaaaa..a",
      "password:[",
      "pw;",
      "sk-",
      "arn:aws:secretsmanager:",
    ])
      maskSecrets(piece.repeat(Math.ceil(16_384 / piece.length)));
  });
});
