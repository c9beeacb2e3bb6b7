import { asOneEntry } from "../log/plain-text.ts";
import { explainExitCode } from "../observation/plain-words.ts";
import { revisionName, SLOT_COLORS, type SlotColor } from "../observation/slot.ts";
import { englishOf } from "../sentence/told.ts";
import type { Incident, IncidentSide } from "./incident.ts";

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:1100px;margin:24px auto;padding:0 16px;color:#1b1b1f;background:#fff}
h1{font-size:22px;line-height:1.3}h2{font-size:16px;margin:28px 0 8px}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:3px 12px 3px 0;border-top:1px solid #ddd;overflow-wrap:anywhere}
td:first-child{white-space:nowrap}pre{font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.bad{font-weight:600;color:#a11}.note{color:#555}
@media(prefers-color-scheme:dark){body{background:#161618;color:#eee}td,th{border-color:#444}.bad{color:#ff9a94}.note{color:#aaa}}`;

/** One page of HTML that needs nothing else and runs nothing, for a post-mortem. Times are UTC; every text of others is text. */
export function incidentHtml(incident: Incident, writtenAt: number): string {
  const { title, application, at, deployment, changes, lastGood, missing, masked } = incident;
  const version = deployment?.revision ? revisionName(deployment.revision) : "unknown";
  const before = deployment?.fromRevision ? revisionName(deployment.fromRevision) : "unknown";
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    paragraph(
      `What happened to ${application} at ${time(at)}. Written by Switchyard at ${time(writtenAt)}. Times are UTC.`,
    ),
    deployment
      ? paragraph(
          `Deployment ${deployment.id}: ${deployment.kind} from ${deployment.from} (${before}) to ${deployment.to} (${version}), ${deployment.status}.`,
        )
      : "",
    ...missing.map((words) => paragraph(`Missing: ${words}`)),
    section(
      "Timeline",
      table(
        ["Time", "Side", "What"],
        incident.timeline.map((each) => [time(each.at), each.side ?? "", each.text, each.isBad]),
      ),
    ),
    section(
      "New errors",
      table(
        ["First", "Here and there", "Example"],
        incident.newErrors.map((each) => [
          time(each.firstAt),
          `blue ${each.counts.blue}, green ${each.counts.green}`,
          each.example,
          true,
        ]),
      ),
    ),
    ...SLOT_COLORS.map((color) => section(capital(color), sideHtml(incident.sides[color]))),
    section(
      "What was deployed",
      changes === null
        ? paragraph("The task definitions could not be compared.")
        : table(
            ["Field", "Before", "After"],
            changes.map((each) => [each.field, each.before ?? "absent", each.after ?? "absent", false]),
          ),
    ),
    section(
      "Last good deployment",
      lastGood
        ? `${paragraph(`${lastGood.deploymentId} (${lastGood.revision ? revisionName(lastGood.revision) : "unknown"}), ended ${time(lastGood.finishedAt)}`)}${table(
            ["Stage", "Then", "This time"],
            lastGood.stages.map((each) => [each.stage, seconds(each.good), seconds(each.now), false]),
          )}`
        : paragraph("There was none before."),
    ),
    ...SLOT_COLORS.map((color) => section(`Last lines of ${color}`, linesHtml(incident, color))),
    section("Lines whose side is unknown", linesHtml(incident, null)),
    masked.length > 0
      ? section(
          "Masked",
          table(
            ["Rule", "Times"],
            masked.map((each) => [each.name, String(each.count), "", false]),
          ),
        )
      : "",
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${parts.join("\n")}</body></html>\n`;
}

function sideHtml({ role, revision, counts, tasks, targets, metrics }: IncidentSide): string {
  const last = metrics.at(-1);
  return [
    paragraph(
      `${capital(role)}, ${revision ? revisionName(revision) : "no revision"}; ${counts.running} of ${counts.desired} tasks ran, ${counts.healthy} of ${counts.total} targets were healthy.`,
    ),
    last ? paragraph(`Requests of the last minute: ${last.requests}, of which ${last.errors} answered 5xx.`) : "",
    table(
      ["Task", "State", "Why", "Containers"],
      tasks.map((task) => [
        task.id,
        task.lastStatus,
        [task.stopCode, task.stoppedReason].filter(Boolean).join(": "),
        false,
        containersOf(task),
      ]),
    ),
    table(
      ["Target", "State", "Why"],
      targets.map((each) => [
        `${each.id}:${each.port}`,
        each.state,
        [each.reason, each.description].filter(Boolean).join(": "),
        each.state === "unhealthy",
      ]),
    ),
  ].join("");
}

/** Every container with its exit code, in words. */
export function containersOf({ containers }: Pick<IncidentSide["tasks"][number], "containers">): string {
  return containers
    .map(({ name, exitCode, reason }) => {
      const code = exitCode === undefined ? "no exit code" : englishOf(explainExitCode(exitCode));
      return `${name} ${code}${reason ? ` (${reason})` : ""}`;
    })
    .join("; ");
}

function linesHtml({ lines }: Incident, side: SlotColor | null): string {
  const own = lines.filter(({ slot }) => slot === side);
  if (own.length === 0) return paragraph("None was kept.");
  return `<pre>${own.map((line) => escapeHtml(`${time(line.at)} ${line.taskId?.slice(0, 8) ?? "-"} ${(line.level ?? "-").toUpperCase()} ${asOneEntry(line.text)}`)).join("\n")}</pre>`;
}

/** Rows of three cells, whether it is bad, and perhaps a fourth. */
function table(
  head: readonly string[],
  rows: readonly (readonly [string, string, string, boolean, string?])[],
): string {
  if (rows.length === 0) return paragraph("Nothing.");
  const cells = (row: (typeof rows)[number]) =>
    [row[0], row[1], row[2], row[4] ?? ""]
      .slice(0, head.length)
      .map((cell) => `<td${row[3] ? ' class="bad"' : ""}>${escapeHtml(cell)}</td>`);
  return `<table><thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row).join("")}</tr>`).join("")}</tbody></table>`;
}

const section = (heading: string, body: string) => `<h2>${escapeHtml(heading)}</h2>${body}`;
const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
const time = (at: number) =>
  new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
const seconds = (value: number | null) => (value === null ? "none" : `${value} s`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Text as HTML, without what would move it about: controls, and marks that turn the reading direction round. */
function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (each) => (each === "\n" || each === "\t" ? each : ""))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
