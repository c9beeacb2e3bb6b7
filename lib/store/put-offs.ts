import { eq } from "drizzle-orm";
import type { PutOff } from "../domain/readiness/readiness.ts";
import { type Database, storableText } from "./database.ts";
import { putOffs } from "./schema.ts";

export async function savePutOff(db: Database, putOff: PutOff): Promise<void> {
  const row = { ...putOff, reason: storableText(putOff.reason), by: storableText(putOff.by) };
  await db
    .insert(putOffs)
    .values(row)
    .onConflictDoUpdate({ target: [putOffs.application, putOffs.step], set: row });
}

export async function listPutOffs(db: Database, application: string): Promise<PutOff[]> {
  return db.select().from(putOffs).where(eq(putOffs.application, application));
}
