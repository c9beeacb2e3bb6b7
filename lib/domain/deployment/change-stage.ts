import { englishOf, saidOf, type Told } from "../sentence/told.ts";
import type { Deployment, Stage, StageRecord } from "./deployment.ts";

/** How a stage's record changes; what it says is given in no language. */
export type StageChange = Partial<Omit<StageRecord, "detail" | "detailSaid">> & { detail?: Told };

/** A copy with one stage's record changed. */
export function withStage(deployment: Deployment, stage: Stage, change: StageChange): Deployment {
  return {
    ...deployment,
    stages: deployment.stages.map((record) => (record.stage === stage ? changedStage(record, change) : record)),
  };
}

/** The record with this change: its `detail` goes where it is undefined, and comes in English and in no language where it is a sentence. */
export function changedStage(record: StageRecord, change: StageChange): StageRecord {
  const { detail, ...others } = change;
  if (!("detail" in change)) return { ...record, ...others };
  const { detail: _detail, detailSaid: _said, ...rest } = record;
  if (detail === undefined) return { ...rest, ...others };
  const said = saidOf(detail);
  return { ...rest, ...others, detail: englishOf(detail), ...(said ? { detailSaid: said } : {}) };
}

/** The members of a record that say why it is in its status. */
export function reasonMembers(why: Told | null): Pick<Deployment, "statusReason" | "statusSaid"> {
  if (why === null) return { statusReason: null, statusSaid: undefined };
  return { statusReason: englishOf(why), statusSaid: saidOf(why) };
}
