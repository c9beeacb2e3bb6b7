import { describe, expect, test } from "vitest";
import { AwsError } from "../service.ts";
import { compileFilterPattern } from "./filter-pattern.ts";

const apache = '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324';
const trail = JSON.stringify({
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  user: { id: 1, email: "John.Stiles@example.com" },
  latency: 512.5,
  "cluster.name": "c",
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
  ],
});

type Row = [pattern: string, message: string, matches: boolean];

function check(rows: Row[]) {
  test.each(rows)("%s on %s is %s", (pattern, message, matches) => {
    expect(compileFilterPattern(pattern)(message)).toBe(matches);
  });
}

describe("terms", () => {
  check([
    ["", "anything", true],
    ['" "', "nospace", true],
    ["ERROR", "[ERROR] A fatal exception has occurred", true],
    ["ERROR", "Exiting with ERRORCODE: -1", true],
    ["ERROR", "error in lower case", false],
    ["ERROR Exception", "[ERROR] Caught IllegalArgumentException", true],
    ["ERROR Exception", "[ERROR] no such thing", false],
    ["ERROR -Exiting", "Exiting with ERRORCODE: -1", false],
    ["ERROR -Exiting", "[ERROR] A fatal exception", true],
    ['"ERROR" - "Exiting"', "Exiting with ERRORCODE: -1", false],
    ["-ERROR", "INFO fine", true],
    ["?ERROR ?WARN", "WARN message", true],
    ["?ERROR ?WARN", "INFO message", false],
    ["?ERROR ?WARN REQUEST", "INFO REQUEST", true],
    ["?ERROR ?WARN REQUEST", "ERROR", false],
    ['"INTERNAL SERVER ERROR"', "[ERROR] INTERNAL SERVER ERROR", true],
    ['"INTERNAL SERVER ERROR"', "INTERNAL ERROR of the SERVER", false],
    ['"a \\"b\\""', 'x a "b" y', true],
    ["오류", "심각한 오류 발생", true],
    ["%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true],
    ["%^[hc]at%", "hat", true],
    ["%^[hc]at%", "the cat", false],
    ["%colou?r%", "color", true],
    ["%\\d{3}$%", "status 404", true],
    ["-%5\\d\\d%", "status 503", false],
  ]);
});

describe("JSON", () => {
  check([
    ['{ $.eventType = "UpdateTrail" }', trail, true],
    ["{$.eventType=UpdateTrail}", trail, true],
    ['{ $.eventType = "Update*" }', trail, true],
    ["{ $.eventType = *Trail }", trail, true],
    ["{ $.eventType = %Trail% }", trail, true],
    ["{ $.sourceIPAddress != 123.123.* }", trail, true],
    ["{ $.sourceIPAddress != 111.111.* }", trail, false],
    ['{ $.arrayKey[0] = "value" }', trail, true],
    ['{ $.arrayKey[*] = "another value" }', trail, true],
    ['{ $.arrayKey[5] = "value" }', trail, false],
    ["{ $.objectList[1].id = 2 }", trail, true],
    ["{ $.objectList[*].name = b }", trail, true],
    ["{ $.coordinates[1][2] = 6 }", trail, true],
    ["{ $.arrayKey = value }", trail, false],
    ["{ $.arrayKey != value }", trail, false],
    ["{ $.SomeObject IS NULL }", trail, true],
    ["{ $.eventType IS NULL }", trail, false],
    ["{ $.SomeOtherObject NOT EXISTS }", trail, true],
    ["{ $.eventType NOT EXISTS }", trail, false],
    ["{ $.eventType EXISTS }", trail, true],
    ["{ $.latency = * }", trail, true],
    ["{ $.ThisFlag IS TRUE }", trail, true],
    ["{ $.ThisFlag IS FALSE }", trail, false],
    ["{ $.latency >= 500 }", trail, true],
    ["{ $.latency > 1e3 }", trail, false],
    ["{ $.latency <= +512.5 }", trail, true],
    ["{ $.missing != 3 }", trail, false],
    ["{ $.['cluster.name'] = c }", trail, true],
    ["{ ($.user.id = 1) && ($.objectList[0].name = a) }", trail, true],
    ['{ ($.user.id = 2 && $.latency > 1) || $.eventType = "x" }', trail, false],
    ['{ $.user.email = "John.Stiles@example.com" || $.user.id = 9 && $.latency = 0 }', trail, true],
    ['{ ($.user.email = "John.Stiles@example.com" || $.user.id = 9) && $.latency = 0 }', trail, false],
    ["{ $.eventType = UpdateTrail }", "not json UpdateTrail", false],
    ["{ $.eventType = UpdateTrail }", "{broken", false],
  ]);
});

describe("space-delimited", () => {
  check([
    ["[ip, user, username, timestamp, request, status_code, bytes]", apache, true],
    ["[ip, user, username, timestamp, request, status_code]", apache, false],
    ["[ip, user, username, timestamp, request, status_code, bytes > 1000]", apache, true],
    ["[ip, user, username, timestamp, request, status_code = 4*, bytes]", apache, false],
    ["[..., status_code = 5*, bytes]", apache, true],
    ["[ip=%127\\.0\\.0\\.[1-9]%, user, ...]", apache, true],
    ["[ip, user, ..., request = *gif*, status_code, bytes]", apache, true],
    ["[..., request=*.html*, status_code=4*,]", apache, false],
    ["[..., status_code = 5* && status_code != 503, bytes]", apache, true],
    ["[..., (status_code = 4* || status_code = 5*), bytes]", apache, true],
    ["[w1=ERROR, w2]", "ERROR message", true],
    ["[w1=ERROR, w2]", "WARN message", false],
    ["[w1=ERROR || w1=WARN, w2]", "WARN message", true],
    ["[w1=!ERROR && w1=!WARN, w2]", "INFO message", true],
    ["[a, b=INFO, ...]", "2026-01-01T00:00:00Z INFO started in 3 s", true],
  ]);
});

test.each([
  "foo-bar",
  "path/to",
  '"open',
  "%open",
  "%something!%",
  "%(a|b)%",
  "%a% %b% %c%",
  "{ $.a }",
  "{ $.a = }",
  "{ a = 1 }",
  "{ $.a = 1",
  "{ ($.a = 1 }",
  "{ $.a > x }",
  "{ $.a = 1 } trailing",
  "[a, b",
  "[a, ..., b, ...]",
  "[a = 1 && b = 2]",
  "?",
])("refuses %s as AWS does", (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow(
    new AwsError("InvalidParameterException", "Invalid filter pattern"),
  );
});

test("refuses a pattern of more than 1,024 characters", () => {
  expect(() => compileFilterPattern("a".repeat(1025))).toThrow(/length less than or equal to 1024/);
});
