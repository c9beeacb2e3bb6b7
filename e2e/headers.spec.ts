import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_TOKEN, APP_URL, expect, PORTS, SANDBOX_URL, signIn, test } from "./world.ts";

/** Every page and route that the tree has, as an address. */
function everyPath(): string[] {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" });
  const values: Record<string, string> = {
    application: "library",
    name: "library",
    id: "d-0",
    "...nextauth": "session",
  };
  return files
    .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
    .map((file) => file.split("/").slice(0, -1))
    .map((parts) => parts.filter((part) => !part.startsWith("(")))
    .map((parts) => `/${parts.map((part) => values[part.replace(/^\[(.*)\]$/, "$1")] ?? part).join("/")}`);
}

interface Answer {
  status: number;
  headers: Headers;
}

/** Only the head of an answer, on a connection of its own: a stream would never end. */
async function head(url: string, sent: Record<string, string>): Promise<Answer> {
  const request = get(url, { headers: sent, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.destroy();
  return { status: response.statusCode ?? 0, headers: new Headers(response.headers as Record<string, string>) };
}

function check(path: string, { headers }: Answer): void {
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy, `${path}: nothing frames it`).toContain("frame-ancestors 'none'");
  expect(policy, `${path}: nothing but what is named`).toContain("default-src 'none'");
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
  expect(scripts, `${path}: no inline script`).not.toMatch(/unsafe-inline|unsafe-eval/);
  expect(headers.get("x-frame-options"), path).toBe("DENY");
  expect(headers.get("x-content-type-options"), path).toBe("nosniff");
  expect(headers.get("referrer-policy"), path).toBe("same-origin");
  expect(headers.get("cross-origin-opener-policy"), path).toBe("same-origin");
  expect(headers.get("x-powered-by"), path).toBeNull();
  expect(headers.get("access-control-allow-origin"), path).toBeNull();
}

test("every page and route answers with the headers that keep it from being framed, sniffed or scripted", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const paths = everyPath();
  expect(paths.length).toBeGreaterThan(30);
  await signIn(page, "admin");
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const senders: Record<string, string>[] = [{}, { cookie: cookies }, { authorization: `Bearer ${API_TOKEN}` }];
  // Looks at the account and readiness ask AWS for seconds: who asks for the same waits together.
  for (const path of paths)
    for (const answer of await Promise.all(senders.map((sent) => head(`${APP_URL}${path}`, sent)))) check(path, answer);
  check("/no/such/page/at/all", await head(`${APP_URL}/no/such/page/at/all`, { cookie: cookies }));
});

test("the session's cookie is out of scripts' reach and stays on the site", async ({ page }) => {
  await signIn(page, "viewer");
  const cookie = (await page.context().cookies()).find(({ name }) => name === "next-auth.session-token");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => document.cookie)).not.toContain("session-token");
});

test("no page has an inline script without the nonce", async ({ page }) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  await signIn(page, "admin");
  for (const path of ["/", "/library", "/audit", "/access", "/tokens", "/no/such/page"]) {
    await page.goto(path);
    await page.getByRole("main").waitFor();
    const bare = await page.evaluate(
      () =>
        [...document.scripts].filter((script) => !script.src && script.type !== "application/json" && !script.nonce)
          .length,
    );
    expect(bare, path).toBe(0);
  }
  expect(problems).toEqual([]);
});

test("behind TLS every answer asks browsers to stay with it, and cookies are secure", async () => {
  test.setTimeout(120_000);
  const port = PORTS.app + 7;
  const server = spawn(process.execPath, ["scripts/start.mjs"], {
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: mkdtempSync(join(tmpdir(), "switchyard-tls-")),
      NEXTAUTH_URL: "https://switchyard.example.com",
      NEXTAUTH_SECRET: "end-to-end-secret-0123456789abcdef0123",
      SWITCHYARD_CONFIG: "sandbox/switchyard.yaml",
      SWITCHYARD_SANDBOX_USERS: "1",
      AWS_ENDPOINT_URL: SANDBOX_URL,
      AWS_REGION: "ap-northeast-2",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await expect
      .poll(
        () =>
          fetch(`${url}/api/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .not.toBe(0);
    for (const path of everyPath()) {
      const answer = await head(`${url}${path}`, {});
      expect(answer.headers.get("strict-transport-security"), path).toBe("max-age=31536000; includeSubDomains");
      check(path, answer);
    }
    const csrf = await fetch(`${url}/api/auth/csrf`, { headers: { "x-forwarded-proto": "https" } });
    for (const cookie of csrf.headers.getSetCookie()) expect(cookie).toMatch(/^__Host-.*Path=\/;.*Secure/i);
    expect(csrf.headers.getSetCookie().length).toBeGreaterThan(0);
  } finally {
    server.kill("SIGTERM");
  }
});
