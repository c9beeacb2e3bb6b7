import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { say } from "../domain/sentence/sentence.ts";
import { openEmptyDatabase } from "../testing/memory-store.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { auditRow } from "../testing/test-rows.ts";
import { appendAudit, listAudit } from "./audit.ts";
import { verifyAudit } from "./audit-chain.ts";
import { pruneAudit } from "./audit-prune.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import { openPostgres } from "./open-postgres.ts";

const KEYS = ["the-key-of-these-tests"];
const postgres = findPostgres();
const worlds = [
  { name: "in memory", isHere: true, open: openEmptyDatabase },
  {
    name: "on a PostgreSQL server",
    isHere: postgres !== null,
    async open() {
      const server = await startPostgres(postgres ?? "");
      const { db, close } = await openPostgres(server.url);
      return { db, close: () => close().then(server.stop) };
    },
  },
];

describe.each(worlds.filter(({ isHere }) => isHere))("the audit's chain $name", ({ open }) => {
  let db: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ db, close } = await open());
  });
  // An empty database for each test, in the one server.
  beforeEach(async () => {
    await db.execute(sql`drop schema public cascade`);
    await db.execute(sql`create schema public`);
  });
  afterAll(() => close());

  async function append(count: number, from = 1): Promise<void> {
    for (let i = from; i < from + count; i++)
      await appendAudit(
        db,
        auditRow({
          id: `a-${i}`,
          at: 1000 + i,
          askedAt: 900 + i,
          credentialId: `t-${i}`,
          before: "blue",
          awsRequestIds: ["r-1", "r-2"],
          message: `line ${i}\n"quoted" ü 漢 🚉`,
          // Every second row is as rows were before they kept codes and values.
          ...(i % 2 === 0
            ? {
                said: say("step.abortedWhy", { by: "Käthe", reason: `line ${i} \u0000 漢` }),
                beforeSaid: say("auditRow.valid"),
              }
            : {}),
        }),
      );
  }
  /** Somebody with every right in the database. */
  async function tamper(...statements: string[]): Promise<void> {
    for (const statement of [
      "alter table audit disable trigger all",
      ...statements,
      "alter table audit enable trigger all",
    ])
      await db.execute(sql.raw(statement));
  }

  test("a chain that was emptied, cut short or written anew holds in itself, but not against an end kept elsewhere", async () => {
    await migrate(db, 0);
    await append(5);
    const { sequence, hash } = await verifyAudit(db, KEYS);
    const known = { sequence, hash };
    await append(1, 6);
    expect((await verifyAudit(db, KEYS, known)).isIntact).toBe(true);
    const other = await verifyAudit(db, KEYS, { sequence: 4, hash });
    expect(other).toMatchObject({ isIntact: false, breaks: [{ kind: "changed", sequence: 4 }] });
    await db.execute(sql`drop schema public cascade`);
    await db.execute(sql`create schema public`);
    await migrate(db, 0);
    expect((await verifyAudit(db, KEYS)).isIntact).toBe(true);
    expect(await verifyAudit(db, KEYS, known)).toMatchObject({
      isIntact: false,
      breaks: [{ kind: "deleted", message: "rows 1 to 5 are missing after it, and row 5 was known" }],
    });
    await append(7, 100);
    expect((await verifyAudit(db, KEYS, known)).breaks).toMatchObject([{ kind: "changed", sequence: 5 }]);
  });

  test("holds over rows of any content, many at once, and links each to the one before", async () => {
    await migrate(db, 1);
    expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 0, sequence: 0 });
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        appendAudit(
          db,
          auditRow({
            id: `b-${i}`,
            reason: i % 2 ? null : "",
            receipt: i % 3 ? `r${i}` : undefined,
            message: "a\u0000b",
          }),
        ),
      ),
    );
    await append(5);
    const verdict = await verifyAudit(db, KEYS);
    expect(verdict).toMatchObject({ isIntact: true, rows: 35, sequence: 35, breaks: [] });
    const { items } = await listAudit(db, {}, { limit: 50 });
    expect(items.map((row) => row.sequence).sort((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 35 }, (_, i) => i + 1),
    );
    expect(new Set(items.map((row) => row.hash)).size).toBe(35);
    expect(items.find((row) => row.sequence === 35)?.hash).toBe(verdict.hash);
  });

  test("goes on from rows of before codes and values were kept, which stay readable", async () => {
    const at = MIGRATIONS.findIndex(({ name }) => name === "0071-the-sentences");
    await migrate(db, 1, MIGRATIONS.slice(0, at));
    for (const id of ["old-1", "old-2"])
      await db.execute(
        sql`insert into audit (id, at, actor_id, actor_name, via, action, outcome, message, before_state) values (${id}, 1000, 'k', 'Käthe', 'session', 'deployment.switch', 'done', 'in words', 'blue')`,
      );
    await migrate(db, 2);
    await append(4);
    expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 6 });
    const { items } = await listAudit(db, {}, { limit: 9 });
    const of = (id: string) => items.find((row) => row.id === id);
    expect(of("old-1")).toMatchObject({ message: "in words", before: "blue" });
    expect(of("old-1")).not.toHaveProperty("said");
    expect(of("a-1")).not.toHaveProperty("said");
    expect(of("a-2")?.said).toEqual(say("step.abortedWhy", { by: "Käthe", reason: "line 2 \uFFFD 漢" }));
    expect(of("a-2")?.beforeSaid).toEqual(say("auditRow.valid"));
    await tamper("update audit set sentences = replace(sentences, 'Käthe', 'Kim') where id = 'a-2'");
    expect((await verifyAudit(db, KEYS)).breaks).toMatchObject([{ kind: "changed", sequence: 4, id: "a-2" }]);
  });

  test("takes in the rows that were there before it", async () => {
    await migrate(db, 1, MIGRATIONS.slice(0, 2));
    for (const [id, at] of [
      ["late", 3],
      ["early", 1],
      ["middle", 2],
    ])
      await db.execute(
        sql`insert into audit (id, at, actor_id, actor_name, via, action, outcome, message) values (${id}, ${at}, 'k', 'Käthe', 'session', 'deployment.switch', 'done', 'm')`,
      );
    await migrate(db, 2);
    await append(1);
    expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 4 });
    const { items } = await listAudit(db, {}, { limit: 9 });
    expect(items.map((row) => [row.id, row.sequence])).toEqual([
      ["a-1", 4],
      ["late", 3],
      ["middle", 2],
      ["early", 1],
    ]);
    await expect(db.execute(sql`update audit set reason = 'x'`)).rejects.toThrow();
  });

  test.each([
    ["an edit", ["update audit set reason = 'nothing to see' where id = 'a-4'"], "changed", 4, "a-4"],
    ["an edit of when it was asked", ["update audit set asked_at = 1 where id = 'a-4'"], "changed", 4, "a-4"],
    [
      "a row made to look like one of before the newer columns",
      ["update audit set asked_at = null where id = 'a-4'"],
      "changed",
      4,
      "a-4",
    ],
    [
      "an edit of what it was before",
      ["update audit set before_state = 'green' where id = 'a-5'"],
      "changed",
      5,
      "a-5",
    ],
    [
      "an edit of a value that is said",
      ["update audit set sentences = replace(sentences, 'Käthe', 'Kim') where id = 'a-4'"],
      "changed",
      4,
      "a-4",
    ],
    [
      "an edit of the code that is said",
      ["update audit set sentences = replace(sentences, 'abortedWhy', 'rejectedWhy') where id = 'a-6'"],
      "changed",
      6,
      "a-6",
    ],
    ["codes and values taken away", ["update audit set sentences = null where id = 'a-4'"], "changed", 4, "a-4"],
    [
      "codes and values put into an older row",
      ["update audit set sentences = (select sentences from audit where id = 'a-4') where id = 'a-5'"],
      "changed",
      5,
      "a-5",
    ],
    ["an edit that empties a field", ["update audit set reason = '' where id = 'a-4'"], "changed", 4, "a-4"],
    [
      "a text moved between fields",
      ["update audit set via = '', role = role || via where id = 'a-2'"],
      "changed",
      2,
      "a-2",
    ],
    ["a deletion", ["delete from audit where id in ('a-3', 'a-4')"], "deleted", 5, "a-5"],
    ["a deletion at the start", ["delete from audit where id = 'a-1'"], "deleted", 2, "a-2"],
    ["a deletion at the end", ["delete from audit where id in ('a-7', 'a-8')"], "deleted", 6, null],
    ["an emptied table", ["truncate audit"], "deleted", 0, null],
    [
      "a deletion closed up by renumbering",
      ["delete from audit where id = 'a-3'", "update audit set sequence = sequence - 1 where sequence > 3"],
      "changed",
      3,
      "a-4",
    ],
    [
      "a reordering",
      [
        "update audit set sequence = 99 where id = 'a-3'",
        "update audit set sequence = 3 where id = 'a-6'",
        "update audit set sequence = 6 where id = 'a-3'",
      ],
      "changed",
      3,
      "a-6",
    ],
  ] as const)("finds and locates %s", async (_what, statements, kind, sequence, id) => {
    await migrate(db, 1);
    await append(8);
    await tamper(...statements);
    const verdict = await verifyAudit(db, KEYS);
    expect(verdict.isIntact).toBe(false);
    expect(verdict.breaks[0]).toMatchObject({ kind, sequence, id });
    await append(1, 20);
    expect((await verifyAudit(db, KEYS)).breaks[0]).toMatchObject({ kind, sequence: id === null ? 9 : sequence });
  });

  test("refuses to lose the record of its end, and an insert that names its own place", async () => {
    await migrate(db, 1);
    await append(1);
    await expect(db.execute(sql`delete from audit_head`)).rejects.toThrow();
    await db.execute(
      sql`insert into audit (id, at, actor_id, actor_name, via, action, outcome, message, sequence, hash) values ('x', 1, 'k', 'k', 's', 'a', 'done', 'm', 77, 'h')`,
    );
    expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 2, sequence: 2 });
  });

  describe("pruned", () => {
    const prune = (before: number) => pruneAudit(db, before, KEYS[0] ?? "", 5000);

    test("goes on from a signed checkpoint, as often as it is pruned, and appends as before", async () => {
      await migrate(db, 1);
      await append(8);
      expect(await prune(1001)).toBe(0);
      expect(await prune(1004)).toBe(3);
      expect(await prune(1004)).toBe(0);
      expect(await prune(1006)).toBe(2);
      await append(1, 9);
      expect(await verifyAudit(db, KEYS)).toMatchObject({
        isIntact: true,
        rows: 4,
        sequence: 9,
        pruned: { sequence: 5, rows: 5, at: 5000 },
      });
      expect(await prune(9999)).toBe(4);
      expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 0, sequence: 9 });
      await append(1, 10);
      expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 1, sequence: 10 });
    });

    test("never takes a row of the last 30 days, whatever it is told, and none out of turn", async () => {
      await migrate(db, 1);
      await append(2);
      await appendAudit(db, auditRow({ id: "young", at: Date.now() }));
      await append(1, 4);
      await expect(prune(Number.MAX_SAFE_INTEGER)).rejects.toThrow();
      expect(await prune(2000)).toBe(2);
      expect(await verifyAudit(db, KEYS)).toMatchObject({ isIntact: true, rows: 2 });
      await expect(db.execute(sql`delete from audit where id = 'a-4'`)).rejects.toThrow();
      await expect(db.execute(sql`update audit_checkpoint set sequence = 3`)).rejects.toThrow();
    });

    test("leaves rows whose chain does not hold: they are the evidence", async () => {
      await migrate(db, 1);
      await append(6);
      await tamper("update audit set reason = 'x' where id = 'a-3'");
      await expect(prune(9999)).rejects.toThrow("Row 3 of the audit (a-3)");
      expect((await verifyAudit(db, KEYS)).rows).toBe(6);
    });

    test.each([
      ["an edit after it", "update audit set reason = 'x' where id = 'a-6'", "changed", 6],
      ["a deletion right after it", "delete from audit where sequence = 5", "deleted", 6],
      [
        "a further deletion, with the checkpoint moved",
        "delete from audit where sequence <= 6; update audit_checkpoint set sequence = 6, hash = (select hash from audit_head)",
        "checkpoint",
        6,
      ],
      ["a forged checkpoint", "update audit_checkpoint set signature = repeat('0', 64)", "checkpoint", 4],
      ["another time of pruning", "update audit_checkpoint set pruned_at = 1", "checkpoint", 4],
      ["a signature that is none", "update audit_checkpoint set signature = 'yes'", "checkpoint", 4],
      ["a checkpoint that is gone", "delete from audit_checkpoint", "deleted", 5],
    ] as const)("finds and locates %s", async (_what, statements, kind, sequence) => {
      await migrate(db, 1);
      await append(8);
      expect(await prune(1005)).toBe(4);
      await tamper("alter table audit_checkpoint disable trigger all", ...statements.split("; "));
      const verdict = await verifyAudit(db, KEYS);
      expect(verdict.isIntact).toBe(false);
      expect(verdict.breaks[0]).toMatchObject({ kind, sequence });
    });

    test("is checked with every key, and not called intact without the one that signed", async () => {
      await migrate(db, 1);
      await append(3);
      await prune(1003);
      expect((await verifyAudit(db, ["a-newer-key", ...KEYS])).isIntact).toBe(true);
      expect((await verifyAudit(db, ["a-newer-key"])).breaks[0]?.message).toContain("not signed with our key");
      expect((await verifyAudit(db, [])).breaks[0]?.message).toContain("a key that is known here");
    });
  });
});
