import type { ENGLISH } from "./english.ts";
import { freeze } from "./ko/freeze.ts";
import { layout } from "./ko/layout.ts";
import { problem } from "./ko/problem.ts";
import type { TranslationOf } from "./types.ts";

/** Every sentence in Korean, by room; a key that is missing or too much does not compile. */
export const KOREAN = { freeze, layout, problem } as const satisfies TranslationOf<typeof ENGLISH>;
