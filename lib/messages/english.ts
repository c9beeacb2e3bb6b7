import { freeze } from "./en/freeze.ts";
import { layout } from "./en/layout.ts";
import { problem } from "./en/problem.ts";

/** Every sentence in English, by room. */
export const ENGLISH = { freeze, layout, problem };
