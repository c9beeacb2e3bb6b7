/** Seeds that broke a promise once; they run first. */
export const KEPT_SEEDS: readonly number[] = [4, 20, 215, 229];
