import type { SlotColor } from "../observation/slot.ts";

/** Something to look at first. */
export interface Alarm {
  severity: "fault" | "warning";
  slot?: SlotColor;
  message: string;
  /** Epoch ms since when it holds. */
  since: number;
}
