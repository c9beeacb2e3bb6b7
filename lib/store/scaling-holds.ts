import { eq } from "drizzle-orm";
import type { ScalingHold } from "../domain/rules/scaling-hold-rules.ts";
import type { Database } from "./database.ts";
import { scalingHolds } from "./schema.ts";

/** In place of what was known of the service. */
export async function saveScalingHold(db: Database, hold: ScalingHold): Promise<void> {
  await db.insert(scalingHolds).values(hold).onConflictDoUpdate({ target: scalingHolds.resourceId, set: hold });
}

export async function listScalingHolds(db: Database): Promise<ScalingHold[]> {
  return db.select().from(scalingHolds).orderBy(scalingHolds.askedAt);
}

/** Once it is given back; a second time changes nothing. */
export async function deleteScalingHold(db: Database, resourceId: string): Promise<void> {
  await db.delete(scalingHolds).where(eq(scalingHolds.resourceId, resourceId));
}
