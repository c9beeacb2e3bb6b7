import type { ListenerRef } from "../domain/application/application.ts";
import { chunks } from "./chunks.ts";
import { listenerArnOf, loadBalancerArnOf } from "./elb-readings.ts";

type Ref = Pick<ListenerRef, "arn" | "kind">;

/** One call's worth of listeners or rules: all of one place (a load balancer's listeners, a listener's rules), or some by ARN. */
export interface ForwardBatch {
  kind: ListenerRef["kind"];
  /** A load balancer's ARN for listeners, a listener's for rules; null where they are asked for by ARN. */
  place: string | null;
  arns: string[];
}

/** As many as AWS describes by ARN in one call. */
const ARNS_A_CALL = 20;

/** The fewest calls that read these: where one place holds more than fit into a call by ARN, all of the place are listed. */
export function forwardBatches(refs: readonly Ref[]): ForwardBatch[] {
  return (["listener", "rule"] as const).flatMap((kind) => {
    const arns = new Set(refs.filter((ref) => ref.kind === kind).map((ref) => ref.arn));
    const batches: ForwardBatch[] = [];
    const single: string[] = [];
    for (const [place, here] of Map.groupBy(arns, (arn) => placeOf({ arn, kind })))
      if (here.length > ARNS_A_CALL) batches.push({ kind, place, arns: here });
      else single.push(...here);
    return [...batches, ...chunks(single, ARNS_A_CALL).map((part) => ({ kind, place: null, arns: part }))];
  });
}

function placeOf(ref: Ref): string {
  return ref.kind === "listener" ? loadBalancerArnOf(ref.arn) : listenerArnOf(ref);
}
