import { useSaid } from "#translations";
import { scaleInsOf } from "@/lib/domain/observation/scale-ins.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { share } from "@/lib/domain/observation/traffic.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

/** What auto scaling will take from a side that has not all of the traffic, and when; nothing where it takes nothing. */
export function ScalingLines({ snapshot, color }: { snapshot: ApplicationSnapshot; color: SlotColor }) {
  const said = useSaid();
  if (share(snapshot.traffic.weights, color) >= 100) return null;
  const sentences = scaleInsOf(snapshot.slots[color], snapshot.answeredAt ?? snapshot.observedAt);
  if (sentences.length === 0) return null;
  return (
    <ul className="border-t border-line px-3.5 py-2 text-xs text-second">
      {sentences.map((sentence) => (
        <li key={`${sentence.code} ${JSON.stringify(sentence.params)}`}>{said(sentence)}</li>
      ))}
    </ul>
  );
}
