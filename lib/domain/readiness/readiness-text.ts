import { oneLine } from "../text/one-line.ts";
import { PHASES, type ReadinessReport, type ReadinessStep, type StepOutcome } from "./readiness.ts";

const WORDS: Readonly<Record<StepOutcome, string>> = {
  pass: "pass   ",
  warn: "warn   ",
  unknown: "unknown",
  fail: "FAIL   ",
  "put off": "put off",
};

/** The report for a terminal: every step with what was seen, and the fix of what fails. */
export function toText(report: ReadinessReport): string {
  const { counts, steps } = report;
  const lines = [
    `${report.application} in ${report.region}: ${counts.pass} of ${steps.length} steps pass (${countWords(report)})`,
    ...report.identity.points.map(({ outcome, evidence }) => `  ${WORDS[outcome]}  ${clean(evidence)}`),
  ];
  for (const [phase, title] of Object.entries(PHASES)) {
    lines.push("", title);
    for (const step of steps.filter((one) => one.phase === phase)) lines.push(...stepLines(step));
  }
  return `${lines.join("\n")}\n`;
}

/** The report as JUnit's XML: what fails is a failure; what is unknown or put off is skipped, and never passes for a success. */
export function toJunit(reports: readonly ReadinessReport[]): string {
  const suites = reports.map((report) => {
    const { counts, steps } = report;
    const skipped = counts.unknown + counts["put off"];
    const cases = steps.map((step) => {
      const open = `    <testcase classname="${xml(`readiness.${step.phase}`)}" name="${xml(`${step.number} ${step.title}`)}"`;
      const seen = xml(evidenceOf(step));
      if (step.outcome === "fail") return `${open}><failure message="${seen}"/></testcase>`;
      if (step.outcome === "unknown" || step.outcome === "put off")
        return `${open}><skipped message="${seen}"/></testcase>`;
      return `${open}><system-out>${seen}</system-out></testcase>`;
    });
    return [
      `  <testsuite name="${xml(report.application)}" tests="${steps.length}" failures="${counts.fail}" skipped="${skipped}">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

/** "2 fail, 1 unknown, 1 put off"; what there is none of is left out. */
function countWords({ counts }: Pick<ReadinessReport, "counts">): string {
  const parts = (["fail", "warn", "unknown", "put off"] as const).filter((outcome) => counts[outcome] > 0);
  return parts.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ") || "nothing else";
}

function stepLines(step: ReadinessStep): string[] {
  const head = `  ${WORDS[step.outcome]}  ${String(step.number).padStart(2)} ${step.title}`;
  const { putOff } = step;
  const why = putOff ? [`until ${dayOf(putOff.until)} by ${putOff.by}: ${putOff.reason}`] : [];
  const points = step.points
    .filter(({ outcome }) => outcome !== "pass" || step.outcome === "pass")
    .map(({ evidence }) => evidence);
  const fix = step.outcome === "fail" ? [...(step.fix.words ? [step.fix.words] : []), ...step.fix.cli] : [];
  return [
    head,
    ...[...why, ...points].map((text) => `             ${clean(text)}`),
    ...fix.flatMap((text) => text.split("\n")).map((line) => `             > ${clean(line)}`),
  ];
}

/** What is put off for one run has no day that anybody lives to see. */
function dayOf(ms: number): string {
  const day = new Date(ms).toISOString();
  return day.startsWith("+") ? "further notice" : day.slice(0, 10);
}

function evidenceOf({ points, putOff }: ReadinessStep): string {
  return [...(putOff ? [`put off: ${putOff.reason}`] : []), ...points.map(({ evidence }) => evidence)].join("; ");
}

/** Names of AWS's are text that somebody else wrote: nothing of them acts on the terminal. */
function clean(text: string): string {
  return oneLine(text);
}

function xml(text: string): string {
  return clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
