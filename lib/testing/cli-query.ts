/** The part of JMESPath that commands here use: members, [n], [], [?Member==`value`] or =='value', [?Member] and pipes. For tests. */
export function query(value: unknown, expression: string): unknown {
  return expression.split("|").reduce((left, stage) => walk(left, stage.trim()), value);
}

/** As `--output text` writes it. */
export function toTextOutput(value: unknown): string {
  if (value === null || value === undefined) return "None";
  return Array.isArray(value) ? value.map(toTextOutput).join("\t") : String(value);
}

const STEP = /^(?:\.?(\w+)|\[(\d+)\]|\[(\*?)\]|\[\?(\w+)(?:==(?:`([^`]*)`|'([^']*)'))?\])/;

function walk(value: unknown, path: string): unknown {
  if (path === "") return value ?? null;
  const step = STEP.exec(path);
  if (!step) throw new Error(`Bad value for --query ${path}`);
  const [all, member, index, flat, filter, number, text] = step;
  const wanted = number ?? text;
  const rest = path.slice(all.length);
  if (member !== undefined) return walk(memberOf(value, member), rest);
  if (!Array.isArray(value)) return null;
  if (index !== undefined) return walk(value[Number(index)], rest);
  const kept =
    flat !== undefined
      ? value
      : value.filter((one) => {
          const own = memberOf(one, filter ?? "");
          return wanted === undefined ? Boolean(own) : String(own) === wanted;
        });
  return kept.map((one) => walk(one, rest)).filter((one) => one !== null);
}

function memberOf(value: unknown, name: string): unknown {
  // Safe because anything that is an object may be asked for any member.
  return typeof value === "object" && value !== null ? ((value as Record<string, unknown>)[name] ?? null) : null;
}
