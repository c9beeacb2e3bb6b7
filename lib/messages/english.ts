import { approvals } from "./en/approvals.ts";
import { board } from "./en/board.ts";
import { freeze } from "./en/freeze.ts";
import { incident } from "./en/incident.ts";
import { layout } from "./en/layout.ts";
import { live } from "./en/live.ts";
import { overview } from "./en/overview.ts";
import { problem } from "./en/problem.ts";
import { ui } from "./en/ui.ts";
import { waits } from "./en/waits.ts";

/** Every sentence in English, by room. */
export const ENGLISH = {
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
};
