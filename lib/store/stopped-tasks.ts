import { and, desc, eq, notInArray, sql } from "drizzle-orm";
import type { SlotColor, Task } from "../domain/observation/slot.ts";
import type { Database } from "./database.ts";
import { stoppedTasks } from "./schema.ts";

/** Kept for each application; a crash loop must not fill the disk. */
const KEPT = 200;

/** Adds or renews; lines once read stay when a later look finds none. */
export async function saveStoppedTask(
  db: Database,
  application: string,
  slot: SlotColor,
  task: Task,
  lastLines: readonly string[],
): Promise<void> {
  const stoppedAt = task.stoppedAt ?? task.startedAt ?? task.createdAt ?? 0;
  const values = { application, taskArn: task.arn, slot, stoppedAt, task, lastLines: [...lastLines] };
  const changed = lastLines.length > 0 ? { stoppedAt, task, lastLines: [...lastLines] } : { stoppedAt, task };
  await db.transaction(async (tx) => {
    const inserted = await tx
      .insert(stoppedTasks)
      .values(values)
      .onConflictDoUpdate({ target: [stoppedTasks.application, stoppedTasks.taskArn], set: changed })
      .returning({ isNew: sql<boolean>`xmax = 0` });
    if (!inserted[0]?.isNew) return;
    const kept = tx
      .select({ taskArn: stoppedTasks.taskArn })
      .from(stoppedTasks)
      .where(eq(stoppedTasks.application, application))
      .orderBy(desc(stoppedTasks.stoppedAt), stoppedTasks.taskArn)
      .limit(KEPT);
    await tx
      .delete(stoppedTasks)
      .where(and(eq(stoppedTasks.application, application), notInArray(stoppedTasks.taskArn, kept)));
  });
}

/** Stopped last, first. */
export async function listStoppedTasks(
  db: Database,
  application: string,
  limit: number,
): Promise<{ slot: SlotColor; task: Task; lastLines: string[] }[]> {
  const rows = await db
    .select()
    .from(stoppedTasks)
    .where(eq(stoppedTasks.application, application))
    .orderBy(desc(stoppedTasks.stoppedAt), stoppedTasks.taskArn)
    .limit(limit);
  return rows.map(({ slot, task, lastLines }) => ({ slot, task, lastLines }));
}
