/** One measured claim: what, how much, and what it was to be. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** "<=" or ">=" a bound; "=" an exact value; null where there is nothing to hold it against. */
  target: { kind: "<=" | ">=" | "="; value: number } | null;
  note?: string;
  /** What bare calls that do no more than this one needs took in the same run, in the same unit. */
  limit?: number;
}

/** Whether the figure keeps its target; true where it has none. */
export function isMet(figure: Figure): boolean {
  if (!figure.target) return true;
  if (figure.target.kind === "<=") return figure.value <= figure.target.value;
  if (figure.target.kind === ">=") return figure.value >= figure.target.value;
  return figure.value === figure.target.value;
}

/** The q-quantile (0 to 1) of the values, by nearest rank; NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

const format = (value: number) =>
  Number.isInteger(value)
    ? String(value)
    : value >= 100
      ? value.toFixed(0)
      : value >= 1
        ? value.toFixed(1)
        : value.toFixed(3);

/** A Markdown table of figure, value, target, ratio (value over target) and note. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${format(figure.value)} ${figure.unit}`.trim(),
    figure.target ? `${figure.target.kind} ${format(figure.target.value)}` : "",
    figure.target && figure.target.value !== 0 ? (figure.value / figure.target.value).toFixed(2) : "",
    figure.target ? (isMet(figure) ? "met" : "MISSED") : "",
    figure.note ?? "",
  ]);
  const header = ["figure", "measured", "target", "ratio", "", "note"];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
