import type { Socket } from "node:net";
import { createServer } from "node:net";
import type { SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import { notificationsSchema } from "../config/notifications-config.ts";
import type { Delivery } from "../domain/notification/notification.ts";
import { say } from "../domain/sentence/sentence.ts";
import { startMailServer } from "../testing/notify-servers.ts";
import { sendEmail } from "./email.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options?: Omit<SMTPServerOptions, "onData">) {
  const server = await startMailServer(options);
  closers.push(server.close);
  return server;
}

/** On a busy machine an answer takes its time: only servers that never answer are given up soon. */
const LONG_MS = 20_000;
const SHORT_MS = 400;

function send(smtp: string, change: Partial<Delivery["notification"]> = {}, timeoutMs = LONG_MS) {
  const to = "kim@example.com";
  const { email } = notificationsSchema.parse({ email: { to: [to], from: "switchyard@example.com", smtp } });
  if (!email) throw new Error("no e-mail");
  const delivery: Delivery = {
    id: 1,
    notification: {
      id: "d-1:deployment.stopped",
      application: "library",
      deploymentId: "d-1",
      kind: "deployment.stopped",
      title: "library: release of 1.2.0 to green stopped",
      text: "A task stopped.",
      deepLinkPath: "/library/deployments/d-1",
      at: 1_800_000_000_000,
      ...change,
    },
    endpoint: `email:${to}`,
    state: "pending",
    attempts: 1,
    createdAt: 0,
    nextAt: 0,
    finishedAt: null,
    lastError: null,
  };
  return sendEmail({ baseUrl: "https://switchyard.example.com", timeoutMs }, email, to, delivery);
}

describe("delivery by e-mail", () => {
  test("hands in plain text and HTML with a stable message id and a link", async () => {
    const server = await start();
    expect(await send(server.url)).toEqual({ kind: "delivered" });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(["kim@example.com"]);
    expect(mail?.text).toMatch(/^Message-ID: <[0-9a-f]{32}@switchyard\.example\.com>\r$/m);
    expect(mail?.text).toMatch(/^x-switchyard-id: d-1:deployment\.stopped\r$/im);
    expect(mail?.text).toContain("Subject: [Switchyard] library: release of 1.2.0 to green stopped");
    expect(mail?.text).toContain("Content-Type: multipart/alternative");
    expect(mail?.text).toContain("Content-Type: text/plain");
    expect(mail?.text).toContain("Content-Type: text/html");
    expect(mail?.text).toContain("https://switchyard.example.com/library/deployments/d-1");
  });

  test("mails of one deployment are one conversation of different mails, and HTML holds strangers' words as text", async () => {
    const server = await start();
    const ids = ["d-1:approval.wanted", "d-1:approval.lapsed:1", "d-1:approval.lapsed:2"];
    for (const id of ids) await send(server.url, { id, text: '<img src="https://evil.example/x"> & <b>more</b>' });
    await send(server.url, { id: ids[0] });
    await send(server.url, { id: "library:traffic.drifted:1", deploymentId: null });
    const header = (name: string) =>
      server.mails.map(({ text }) => new RegExp(`^${name}: (<[^>\\s]+>)\\r$`, "im").exec(text)?.[1]);
    const [one, two, three, again, other] = header("Message-ID");
    expect(new Set([one, two, three, other]).size).toBe(4);
    expect(again).toBe(one);
    const [thread, ...threads] = header("References");
    expect(thread).toMatch(/^<[0-9a-f]{32}@/);
    expect(threads).toEqual([thread, thread, thread, undefined]);
    expect(header("In-Reply-To").slice(0, 1)).toEqual([thread]);
    const body = server.mails[0]?.text.replaceAll("=\r\n", "").replaceAll("=3D", "=") ?? "";
    expect(body).toContain("&lt;img src=&quot;https://evil.example/x&quot;&gt; &amp; &lt;b&gt;more&lt;/b&gt;");
    expect(body.slice(body.indexOf("Content-Type: text/html"))).not.toMatch(/<img|<b>/);
  });

  test.each([
    "\r\nBcc: eve@example.com",
    "\nBcc: eve@example.com",
    "\rBcc: eve@example.com\u0000",
    "\u2028Bcc: eve@x.io",
  ])("adds no header and no recipient for a title with %j in it", async (words) => {
    const server = await start();
    await send(server.url, { title: `library${words}` });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(["kim@example.com"]);
    const head = mail?.text.slice(0, mail.text.indexOf("\r\n\r\n")) ?? "";
    expect(head).not.toMatch(/^bcc:/im);
  });

  test("does not try again when the recipient is refused for good", async () => {
    const server = await start({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error("no such mailbox"), { responseCode: 550 })),
    });
    expect(await send(server.url)).toEqual({ kind: "refused", error: "SMTP 550 no such mailbox" });
  });

  test("tries again when the server says later", async () => {
    const server = await start({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error("greylisted"), { responseCode: 451 })),
    });
    expect(await send(server.url)).toEqual({ kind: "retry", error: "SMTP 451 greylisted" });
  });

  test("tries again when it may not sign in, and never shows the password", async () => {
    const server = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(new Error("bad credentials")),
    });
    const outcome = await send(server.url.replace("//", "//user:hidden-password@"));
    expect(outcome).toMatchObject({ kind: "retry", error: expect.stringMatching(/^SMTP 535/) });
    expect(JSON.stringify(outcome)).not.toContain("hidden");
  });

  test.each<[string, (socket: Socket) => void]>([
    ["drops the connection at once", (socket) => socket.destroy()],
    ["never greets", () => {}],
    ["drops it after the greeting", (socket) => socket.write("220 hello\r\n", () => socket.destroy())],
    ["hangs after the greeting", (socket) => socket.write("220 hello\r\n")],
    ["drips for ever", (socket) => drip(socket)],
    ["talks nonsense", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("tries again when the server %s", async (_what, behave) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const started = performance.now();
    expect(await send(`smtp://127.0.0.1:${port}`, {}, SHORT_MS)).toMatchObject({ kind: "retry" });
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test("tries again, and hands in nothing, when the server cannot prove who it is", async () => {
    // Its certificate is one that it signed itself.
    const server = await start({ secure: true });
    const outcome = await send(server.url.replace("smtp://", "smtps://user:hidden@"));
    expect(outcome).toMatchObject({ kind: "retry" });
    expect(JSON.stringify(outcome)).not.toContain("hidden");
    expect(server.mails).toEqual([]);
  });

  test("tries again when nobody listens", async () => {
    expect(await send("smtp://127.0.0.1:1")).toMatchObject({
      kind: "retry",
      error: say("delivery.noMailServer", { code: "ESOCKET" }),
    });
  });

  test("sends no password over a connection that is not encrypted, unless to this machine", async () => {
    const server = await start({ authOptional: true });
    // 0.0.0.0 reaches this machine, but is not an address of it that is known as one.
    const outcome = await send(server.url.replace("//127.0.0.1", "//user:hidden@0.0.0.0"));
    expect(outcome).toMatchObject({ kind: "retry" });
    expect(server.mails).toEqual([]);
  });
});

/** A greeting that grows and never ends keeps the socket busy. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("220-wait\r\n"), 50);
  socket.on("close", () => clearInterval(timer));
}
