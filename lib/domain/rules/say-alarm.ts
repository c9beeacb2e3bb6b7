import type { SlotColor } from "../observation/slot.ts";
import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Alarm } from "./alarm.ts";

/** An alarm from its sentence; `message` is its English. */
export function alarm(severity: Alarm["severity"], said: Sentence, since: number, slot?: SlotColor | null): Alarm {
  return { severity, ...(slot ? { slot } : {}), message: inEnglish(said), said, since };
}
