import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createAws } from "../aws/aws.ts";
import { auditSchema } from "../config/audit-config.ts";
import type { Store } from "../store/store.ts";
import { fixesOf } from "../testing/fixes-of.ts";
import { createAuditHeadKeeper } from "./audit-head.ts";
import { headWitnesses } from "./head-witnesses.ts";

const AT = Date.UTC(2026, 10, 30, 2, 15);
const SECRET = "a-secret-of-the-webhook-0123456789";

let received: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let status = 200;
let folder: string;
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    received.push({ method, path: url, headers, body: Buffer.concat(parts).toString("utf8") });
    response.writeHead(status, { "content-type": "application/xml" });
    response.end(
      status === 200
        ? ""
        : "<Error><Code>InvalidRequest</Code><Message>Bucket is missing Object Lock</Message></Error>",
    );
  });
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-witness-"));
  received = [];
  status = 200;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAWITNESS");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "witness");
  vi.stubEnv("SWITCHYARD_LOG_LEVEL", "info");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** A keeper whose witnesses are what the settings say, on the server of this test. */
function world(audit: object) {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = auditSchema.parse(JSON.parse(JSON.stringify(audit).replaceAll("HERE", address)));
  const aws = createAws({ region: "eu-central-1", endpoint: address });
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
  onTestFinished(() => {
    write.mockRestore();
    aws.destroy();
  });
  let end = { sequence: 0, hash: "" };
  const listAudit = async () => ({ items: [end], nextCursor: null });
  const keeper = createAuditHeadKeeper({
    // Safe because only the newest row's place is asked for.
    store: { listAudit } as unknown as Pick<Store, "listAudit">,
    path: join(folder, "audit-head.json"),
    isTold: false,
    witnesses: headWitnesses(settings, { lockedObjects: aws.lockedObjects, holder: "replica:1", now: () => AT }),
    now: () => AT,
    onShortened: () => undefined,
  });
  return {
    said,
    async ends(sequence: number) {
      end = { sequence, hash: `hash-${sequence}` };
      await keeper.look();
    },
  };
}

test("each look's end is posted to the webhook, signed; one that was cut short with what was kept before", async () => {
  const { ends } = world({ headWebhook: { url: "HERE/audit", secret: SECRET } });
  await ends(7);
  await ends(3);
  expect(received.map(({ body }) => JSON.parse(body))).toEqual([
    { event: "audit.head", sequence: 7, hash: "hash-7", at: "2026-11-30T02:15:00.000Z" },
    {
      event: "audit.shortened",
      sequence: 3,
      hash: "hash-3",
      at: "2026-11-30T02:15:00.000Z",
      kept: { sequence: 7, hash: "hash-7" },
    },
  ]);
  for (const { headers, body } of received) {
    const digest = createHmac("sha256", SECRET)
      .update(`${AT / 1000}.${body}`)
      .digest("hex");
    expect(headers["x-switchyard-signature"]).toBe(`t=${AT / 1000},v1=${digest}`);
  }
});

test("each hour's end is an object of the bucket that is locked for its days, signed for S3", async () => {
  const { ends } = world({ headBucket: { name: "audit-of-ours", lockDays: 400 } });
  await ends(7);
  const [{ method, path, headers, body } = { method: "", path: "", headers: {}, body: "" }] = received;
  expect([method, path]).toEqual(["PUT", "/audit-of-ours/switchyard-audit/2026/11/30/02-replica-1.json"]);
  expect(JSON.parse(body)).toMatchObject({ sequence: 7, hash: "hash-7" });
  expect(headers).toMatchObject({
    "x-amz-object-lock-mode": "COMPLIANCE",
    "x-amz-object-lock-retain-until-date": new Date(AT + 400 * 86_400_000).toISOString(),
    "content-md5": createHash("md5").update(body).digest("base64"),
    "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
  });
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAWITNESS\/\d{8}\/eu-central-1\/s3\/aws4_request,/,
  );
  expect(headers.authorization).toBe(signatureByHand(method, path, headers, body));
});

test("a bucket without Object Lock is told by S3's own code, once, and once when it works again", async () => {
  const { ends, said } = world({ headBucket: { name: "audit-of-ours", lockDays: 1, mode: "GOVERNANCE" } });
  status = 400;
  await ends(1);
  await ends(2);
  status = 200;
  await ends(3);
  await ends(4);
  const lines = said.filter((line) => line.includes("audit-of-ours"));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("S3 answered 400 InvalidRequest");
  expect(lines[1]).toContain("again");
});

test.each([
  [{ headWebhook: { url: "file:///etc/passwd", secret: SECRET } }, "https"],
  [{ headWebhook: { url: "https://a.example", secret: "short" } }, "16 characters"],
  [{ headBucket: { name: "Not A Bucket", lockDays: 1 } }, "Object Lock"],
  [{ headBucket: { name: "audit", lockDays: 0 } }, "1 to 36500"],
  [{ headBucket: { name: "audit", lockDays: 1, prefix: "../x" } }, "/ at the end"],
  [{ headBucket: { name: "audit", lockDays: 1, lokDays: 1 } }, "give { name, prefix, lockDays, mode }"],
])("%o is refused with what to give", (audit, words) => {
  const parsed = auditSchema.safeParse(audit);
  expect(parsed.success).toBe(false);
  expect(fixesOf(parsed.error)).toContain(words);
});

/** Signature Version 4 as its documentation builds it, for what is signed with the secret "witness". */
function signatureByHand(method: string, path: string, headers: IncomingHttpHeaders, body: string): string {
  const given = String(headers.authorization);
  const names = /SignedHeaders=([^,]+)/.exec(given)?.[1] ?? "";
  const scope = /Credential=AKIAWITNESS\/([^,]+)/.exec(given)?.[1] ?? "";
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const canonicalHeaders = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, "", canonicalHeaders.join(""), names, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", String(headers["x-amz-date"]), scope, sha256(canonical)].join("\n");
  const [day = "", region = "", service = ""] = scope.split("/");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    "AWS4witness",
  );
  const credential = `Credential=AKIAWITNESS/${scope}`;
  return `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${hmac(key, toSign).toString("hex")}`;
}
