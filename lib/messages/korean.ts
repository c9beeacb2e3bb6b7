import type { ENGLISH } from "./english.ts";
import { approvals } from "./ko/approvals.ts";
import { board } from "./ko/board.ts";
import { freeze } from "./ko/freeze.ts";
import { incident } from "./ko/incident.ts";
import { layout } from "./ko/layout.ts";
import { live } from "./ko/live.ts";
import { overview } from "./ko/overview.ts";
import { problem } from "./ko/problem.ts";
import { ui } from "./ko/ui.ts";
import { waits } from "./ko/waits.ts";
import type { TranslationOf } from "./types.ts";

/** Every sentence in Korean, by room; a key that is missing or too much does not compile. */
export const KOREAN = {
  approvals,
  board,
  freeze,
  incident,
  layout,
  live,
  overview,
  problem,
  ui,
  waits,
} as const satisfies TranslationOf<typeof ENGLISH>;
