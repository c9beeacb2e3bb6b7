import { useTranslations } from "#translations";
import { cutText } from "@/lib/domain/text/cut-text.ts";

/** Members of one object or array that are shown; a line may hold thousands. */
const MAX_MEMBERS = 200;
const MAX_DEPTH = 12;
const MAX_TEXT = 4000;

/** The object or array that a line is, or has behind a time; undefined where it has none. */
export function jsonOf(text: string): object | undefined {
  const start = text.search(/[{[]/);
  if (start < 0 || start > 80) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    return typeof value === "object" && value !== null && Object.keys(value).length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON as a tree: nested lists, which keys and screen readers know, with what is nested in details that open. All of it is text. */
export function JsonTree({ value, depth = 0 }: { value: object; depth?: number }) {
  const t = useTranslations("logs");
  const members = Object.entries(value);
  return (
    <ul className={depth === 0 ? "py-0.5" : "border-l border-line pl-3"}>
      {members.slice(0, MAX_MEMBERS).map(([name, member]) => (
        <li key={name}>
          {isNested(member) && depth < MAX_DEPTH ? (
            <details open={depth < 1}>
              <summary className="cursor-pointer -outline-offset-2">
                <span className="text-second">{name}</span>{" "}
                <span className="text-second">{Array.isArray(member) ? `[${member.length}]` : "{…}"}</span>
              </summary>
              <JsonTree value={member} depth={depth + 1} />
            </details>
          ) : (
            <>
              <span className="text-second">{name}: </span>
              <span className="break-all whitespace-pre-wrap">{leafText(member)}</span>
            </>
          )}
        </li>
      ))}
      {members.length > MAX_MEMBERS ? (
        <li className="text-second">{t("andMore", { count: members.length - MAX_MEMBERS })}</li>
      ) : null}
    </ul>
  );
}

const isNested = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

function leafText(value: unknown): string {
  if (typeof value === "string") return cutText(value, MAX_TEXT);
  try {
    return cutText(JSON.stringify(value), MAX_TEXT);
  } catch {
    // Nested thousands deep, which JSON.parse reads and nothing writes again.
    return Array.isArray(value) ? "[…]" : "{…}";
  }
}
