import { and, asc, count, desc, eq, gt, inArray, lt, lte, min, ne, notExists, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Delivery, DeliveryState, Notification } from "../domain/notification/notification.ts";
import { englishOf, saidOf, type Told } from "../domain/sentence/told.ts";
import { type Database, storableText } from "./database.ts";
import { decodeCursor, toPage } from "./page-cursor.ts";
import { conditions, outbox } from "./schema.ts";
import type { Page } from "./store.ts";

/** Until it has failed this often, a notification keeps later ones of its endpoint behind it, so that they arrive in order. */
const KEEPS_ORDER_TRIES = 5;

/** Adds one row for each endpoint; those that are there already stay as they are. */
export async function enqueueNotification(
  db: Database,
  notification: Notification,
  endpoints: readonly string[],
  now: number,
): Promise<void> {
  if (endpoints.length === 0) return;
  const { id: notificationId, application } = notification;
  const row = { notificationId, application, notification, state: "pending" as const, attempts: 0 };
  await db
    .insert(outbox)
    .values(endpoints.map((endpoint) => ({ ...row, endpoint, createdAt: now, nextAt: now, leasedUntil: 0 })))
    .onConflictDoNothing();
}

/** Takes rows that are due, in order, each for `leaseMs`, and counts the try; another replica's are passed over. */
export async function claimDeliveries(db: Database, now: number, leaseMs: number, limit: number): Promise<Delivery[]> {
  const due = alias(outbox, "due");
  const older = alias(outbox, "older");
  const ahead = db
    .select({ sequence: older.sequence })
    .from(older)
    .where(
      and(
        eq(older.endpoint, due.endpoint),
        eq(older.state, "pending"),
        lt(older.sequence, due.sequence),
        lt(older.attempts, KEEPS_ORDER_TRIES),
      ),
    );
  const chosen = db
    .select({ sequence: due.sequence })
    .from(due)
    .where(and(eq(due.state, "pending"), lte(due.nextAt, now), lte(due.leasedUntil, now), notExists(ahead)))
    .orderBy(asc(due.sequence))
    .limit(limit)
    .for("update", { skipLocked: true });
  const rows = await db
    .update(outbox)
    .set({ leasedUntil: now + leaseMs, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.sequence, chosen))
    .returning();
  return rows.sort((a, b) => a.sequence - b.sequence).map(toDelivery);
}

/** Writes down how a claimed try went; nothing happens when another replica has claimed the row since. A success brings on what else waits for the endpoint. */
export async function finishDelivery(
  db: Database,
  delivery: Delivery,
  outcome: { state: DeliveryState; nextAt: number; error: Told | null },
  now: number,
): Promise<void> {
  const isSameTry = and(
    eq(outbox.notificationId, delivery.notification.id),
    eq(outbox.endpoint, delivery.endpoint),
    eq(outbox.state, "pending"),
    eq(outbox.attempts, delivery.attempts),
  );
  await db.transaction(async (tx) => {
    const updated = await tx
      .update(outbox)
      .set({
        state: outcome.state,
        nextAt: outcome.nextAt,
        leasedUntil: 0,
        finishedAt: outcome.state === "pending" ? null : now,
        ...(outcome.error === null ? {} : errorColumns(outcome.error)),
      })
      .where(isSameTry)
      .returning({ sequence: outbox.sequence });
    if (updated.length === 0 || outcome.state !== "delivered") return;
    const waits = and(eq(outbox.endpoint, delivery.endpoint), eq(outbox.state, "pending"), gt(outbox.nextAt, now));
    await tx.update(outbox).set({ nextAt: now }).where(waits);
  });
}

/** Newest first. */
export async function listDeliveries(
  db: Database,
  filter: { application?: string; applications?: readonly string[]; state?: DeliveryState },
  page: { limit: number; cursor?: string },
): Promise<Page<Delivery>> {
  const { application, applications, state } = filter;
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
  const sequence = Number(after?.id);
  const rows = await db
    .select()
    .from(outbox)
    .where(
      and(
        application === undefined ? undefined : eq(outbox.application, application),
        applications === undefined ? undefined : inArray(outbox.application, [...applications]),
        state === undefined ? undefined : eq(outbox.state, state),
        after && Number.isSafeInteger(sequence)
          ? or(lt(outbox.createdAt, after.at), and(eq(outbox.createdAt, after.at), lt(outbox.sequence, sequence)))
          : undefined,
      ),
    )
    .orderBy(desc(outbox.createdAt), desc(outbox.sequence))
    .limit(page.limit + 1);
  const { items, nextCursor } = toPage(rows, page.limit, (row) => ({ at: row.createdAt, id: String(row.sequence) }));
  return { items: items.map(toDelivery), nextCursor };
}

/** One delivery; null when there is none of this number. */
export async function findDelivery(db: Database, id: number): Promise<Delivery | null> {
  const [row] = await db.select().from(outbox).where(eq(outbox.sequence, id));
  return row ? toDelivery(row) : null;
}

/** Makes one that has not arrived due at once; null when it has, or is being tried at this moment. Safe to call twice. */
export async function retryDelivery(db: Database, id: number, now: number): Promise<Delivery | null> {
  const [row] = await db
    .update(outbox)
    .set({ state: "pending", nextAt: now, finishedAt: null })
    .where(and(eq(outbox.sequence, id), ne(outbox.state, "delivered"), lte(outbox.leasedUntil, now)))
    .returning();
  return row ? toDelivery(row) : null;
}

/** How many deliveries are still to be made, and since when the oldest of them waits; epoch ms, null when there is none. */
export async function readQueue(db: Database): Promise<{ pending: number; oldestAt: number | null }> {
  const [row] = await db
    .select({ pending: count(), oldestAt: min(outbox.createdAt) })
    .from(outbox)
    .where(eq(outbox.state, "pending"));
  return { pending: row?.pending ?? 0, oldestAt: row?.oldestAt ?? null };
}

/** Forgets what was finished, and conditions last seen, before a time. */
export async function pruneOutbox(db: Database, before: number): Promise<void> {
  await db.delete(outbox).where(lt(outbox.finishedAt, before));
  await db.delete(conditions).where(lt(conditions.seenAt, before));
}

/** Since when something holds; after `gapMs` without being seen it begins anew. All replicas get the same answer. */
export async function noteCondition(
  db: Database,
  application: string,
  condition: string,
  now: number,
  gapMs: number,
): Promise<number> {
  const rows = await db
    .insert(conditions)
    .values({ application, condition: storableText(condition), since: now, seenAt: now })
    .onConflictDoUpdate({
      target: [conditions.application, conditions.condition],
      set: {
        since: sql`case when ${conditions.seenAt} < ${now - gapMs} then ${now} else ${conditions.since} end`,
        seenAt: sql`greatest(${conditions.seenAt}, ${now})`,
      },
    })
    .returning({ since: conditions.since });
  return rows[0]?.since ?? now;
}

function toDelivery(row: typeof outbox.$inferSelect): Delivery {
  const { sequence, notification, endpoint, state, attempts, createdAt, nextAt, finishedAt, lastError } = row;
  const { lastErrorSaid } = row;
  return {
    id: sequence,
    notification,
    endpoint,
    state,
    attempts,
    createdAt,
    nextAt,
    finishedAt,
    lastError,
    ...(lastErrorSaid ? { lastErrorSaid } : {}),
  };
}

/** Both columns at once, so that none tells of another try than the other. */
function errorColumns(error: Told): Pick<typeof outbox.$inferInsert, "lastError" | "lastErrorSaid"> {
  return { lastError: storableText(englishOf(error)), lastErrorSaid: saidOf(error) ?? null };
}
