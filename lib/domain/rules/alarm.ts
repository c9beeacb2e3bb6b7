import type { SlotColor } from "../observation/slot.ts";
import type { Sentence } from "../sentence/sentence.ts";

/** Something to look at first. */
export interface Alarm {
  severity: "fault" | "warning";
  slot?: SlotColor;
  message: string;
  /** `message` in no language yet: pages put it into the reader's. */
  said?: Sentence;
  /** Epoch ms since when it holds. */
  since: number;
}
