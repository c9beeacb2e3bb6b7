import type { ColourSpan } from "../log/ansi.ts";
import type { LogLevel } from "../log/level-words.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { SlotColor } from "./slot.ts";

/** Who wrote a line that no task did: a load balancer's access or health-check log, or ECS's action log. */
export const LINE_ORIGINS = ["load-balancer", "ecs"] as const;
export type LineOrigin = (typeof LINE_ORIGINS)[number];

/** One line that a task wrote: plain text by somebody else, to be shown and never interpreted. */
export interface LogLine {
  /** The same line has the same id however it was read. */
  id: string;
  /** Epoch ms. */
  at: number;
  /** Null when the line is the application's but its side is not known. */
  slot: SlotColor | null;
  taskId: string | null;
  /** Log stream name. */
  stream: string;
  /** Null where the line names none, as the lines of a stack trace. */
  level: LogLevel | null;
  text: string;
  /** Left out for a line of a task. */
  origin?: LineOrigin;
  /** How a terminal would colour parts of the text; left out where it would not. */
  colours?: readonly ColourSpan[];
}

/** How lines arrive now. `failed` means not at all: the message says why. */
export type LogTailMode = "connecting" | "live" | "polling" | "failed";

/** What a viewer of logs receives; `type` is the name of the stream's event. */
export type LogEvent =
  | { type: "line"; lines: LogLine[] }
  /** Lines between the two times (epoch ms) are missing; `count` is null where nobody knows how many, `reasonSaid` is the reason in no language yet. */
  | { type: "gap"; from: number; to: number; count: number | null; reason: string; reasonSaid?: Sentence }
  /** AWS sent only a sample of the lines of the second before `at`. */
  | { type: "sampled"; at: number; kept: number }
  /** The clock of whoever writes a stream is ahead of CloudWatch's by so many ms, or behind where negative: its lines stand elsewhere. */
  | { type: "clock"; at: number; slot: SlotColor | null; taskId: string | null; stream: string; offsetMs: number }
  | { type: "status"; mode: LogTailMode; message: string | null; messageSaid?: Sentence; at: number };
