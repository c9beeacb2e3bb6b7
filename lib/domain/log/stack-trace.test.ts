import { describe, expect, test } from "vitest";
import { isContinuation, readStackTrace } from "./stack-trace.ts";

const lines = (...rows: string[]) => rows.join("\n");

describe("a stack trace's root cause", () => {
  test.each<[string, string, string, string | null]>([
    [
      "Java",
      lines(
        "2026-11-29 17:00:01 ERROR c.e.Loans : Request failed",
        "java.lang.RuntimeException: outer",
        "\tat com.example.Loans.lend(Loans.java:42)",
        "Caused by: java.io.IOException: middle",
        "\tat com.example.Store.read(Store.java:12)",
        "\t... 12 more",
        "Caused by: java.net.ConnectException: Connection refused",
        "\t... 20 more",
      ),
      "2026-11-29 17:00:01 ERROR c.e.Loans : Request failed",
      "java.net.ConnectException: Connection refused",
    ],
    [
      "Python, with the exception that came first",
      lines(
        "ERROR:loans:failed",
        "Traceback (most recent call last):",
        '  File "/srv/loans.py", line 12, in lend',
        "    store.read()",
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "/srv/app.py", line 3, in handle',
        "LoanError: 대출 실패",
      ),
      "ERROR:loans:failed",
      "ConnectionRefusedError: [Errno 111] Connection refused",
    ],
    [
      "Node",
      lines(
        "Error: outer",
        "    at lend (/app/loans.js:12:3)",
        "  [cause]: Error: connect ECONNREFUSED 10.0.0.1:5432",
        "      at TCPConnectWrap.afterConnect (node:net:1555:16) {",
      ),
      "Error: outer",
      "Error: connect ECONNREFUSED 10.0.0.1:5432",
    ],
    [
      ".NET",
      lines(
        "System.InvalidOperationException: outer",
        " ---> System.IO.IOException: inner",
        " ---> System.Net.Sockets.SocketException (111): Connection refused",
        "   at Library.Store.Read() in /src/Store.cs:line 12",
        "   --- End of inner exception stack trace ---",
      ),
      "System.InvalidOperationException: outer",
      "System.Net.Sockets.SocketException (111): Connection refused",
    ],
    [
      "Go",
      lines(
        "panic: runtime error: index out of range [3] with length 3",
        "",
        "goroutine 1 [running]:",
        "main.lend(...)",
        "\t/src/loans.go:17 +0x1d",
      ),
      "panic: runtime error: index out of range [3] with length 3",
      null,
    ],
    [
      "PHP",
      lines(
        "PDOException: Connection refused in /srv/store.php:12",
        "Stack trace:",
        "#0 /srv/loans.php(3): read()",
        "#1 {main}",
        "",
        "Next LoanError: failed in /srv/loans.php:5",
        "Stack trace:",
      ),
      "PDOException: Connection refused in /srv/store.php:12",
      null,
    ],
  ])("%s", (_, text, head, cause) => {
    expect(readStackTrace(text)).toMatchObject({ head, cause });
  });

  test.each(["one line", "two\nlines of prose", '{\n  "json": true\n}'])("is none: %j", (text) => {
    expect(readStackTrace(text)).toBeNull();
  });
});

test.each([
  ["\tat com.example.Loans.lend(Loans.java:42)", true],
  ["Caused by: java.io.IOException: x", true],
  ['  File "/srv/loans.py", line 12, in lend', true],
  ["Traceback (most recent call last):", true],
  ["   at Library.Api.Loans.Lend(Int32 id)", true],
  ["goroutine 31 [running]:", true],
  ["#1 /srv/info.php(3): error()", true],
  ["2026-11-29 17:00:01 ERROR at startup", false],
  ["INFO started", false],
  [" INFO padded", false],
  ["at last it works", false],
])("%s goes on: %s", (text, goesOn) => {
  expect(isContinuation(text)).toBe(goesOn);
});
