import type { AnsiColour, ColourSpan } from "@/lib/domain/log/ansi.ts";

const WRITTEN: Readonly<Record<AnsiColour, string>> = {
  black: "text-second",
  red: "text-ansi-red",
  green: "text-ansi-green",
  yellow: "text-ansi-yellow",
  blue: "text-ansi-blue",
  magenta: "text-ansi-magenta",
  cyan: "text-ansi-cyan",
  white: "text-ink",
};
/** On a colour words are in ink, so that they can be read whatever was chosen for them. */
const BEHIND: Readonly<Record<AnsiColour, string>> = {
  black: "text-ink bg-ansi-plain-ground",
  red: "text-ink bg-ansi-red-ground",
  green: "text-ink bg-ansi-green-ground",
  yellow: "text-ink bg-ansi-yellow-ground",
  blue: "text-ink bg-ansi-blue-ground",
  magenta: "text-ink bg-ansi-magenta-ground",
  cyan: "text-ink bg-ansi-cyan-ground",
  white: "text-ink bg-ansi-plain-ground",
};

/** A text with the colours that a terminal would show: text nodes in spans of known classes, whatever the line holds. */
export function ColouredText({ text, colours }: { text: string; colours: readonly ColourSpan[] }) {
  if (colours.length === 0) return text;
  const parts: React.ReactNode[] = [];
  let done = 0;
  for (const span of colours) {
    const [from, to] = [Math.max(span.from, done), Math.min(span.to, text.length)];
    if (to <= from) continue;
    parts.push(text.slice(done, from));
    parts.push(
      <span key={from} className={classesOf(span)}>
        {text.slice(from, to)}
      </span>,
    );
    done = to;
  }
  parts.push(text.slice(done));
  return <>{parts}</>;
}

function classesOf({ colour, behind, bold, underline }: ColourSpan): string {
  const inks = behind ? BEHIND[behind] : colour ? WRITTEN[colour] : "";
  return [inks, bold ? "font-semibold" : "", underline ? "underline" : ""].filter((name) => name !== "").join(" ");
}
