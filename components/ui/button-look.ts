const LOOKS = {
  primary: "primary-action border-ink bg-ink text-card font-semibold hover:opacity-90",
  outline: "border-faint bg-card text-ink font-medium hover:bg-soft",
  quiet: "border-transparent bg-transparent text-second hover:bg-soft hover:text-ink",
} as const;
const SIZES = {
  small: "h-7 px-2.5 text-xs",
  medium: "h-8 px-3 text-sm",
  large: "h-11 px-4 text-base lg:h-10",
} as const;
const INERT = {
  primary: "border-faint bg-soft text-second font-semibold",
  outline: "border-faint border-dashed bg-card text-second font-medium",
  quiet: "border-transparent bg-transparent text-second",
} as const;

/** Filled with ink for the one primary action; outlined; or nothing but words. */
export type ButtonLook = keyof typeof LOOKS;
/** How tall it is. */
export type ButtonSize = keyof typeof SIZES;

/** The classes of a button, for links that look like one. */
export function buttonLook(look: ButtonLook = "outline", size: ButtonSize = "medium", inert = false) {
  return `inline-flex items-center justify-center gap-2 rounded-control border whitespace-nowrap select-none ${
    inert ? INERT[look] : LOOKS[look]
  } ${SIZES[size]}`;
}
