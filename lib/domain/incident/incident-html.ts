import { asOneEntry } from "../log/plain-text.ts";
import { explainExitCode } from "../observation/plain-words.ts";
import { revisionName, SLOT_COLORS, type SlotColor } from "../observation/slot.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { Incident, IncidentSide } from "./incident.ts";

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:1100px;margin:24px auto;padding:0 16px;color:#1b1b1f;background:#fff}
h1{font-size:22px;line-height:1.3}h2{font-size:16px;margin:28px 0 8px}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:3px 12px 3px 0;border-top:1px solid #ddd;overflow-wrap:anywhere}
td:first-child{white-space:nowrap}pre{font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.bad{font-weight:600;color:#a11}.note{color:#555}
@media(prefers-color-scheme:dark){body{background:#161618;color:#eee}td,th{border-color:#444}.bad{color:#ff9a94}.note{color:#aaa}}`;

/** One page of HTML that needs nothing else and runs nothing, for a post-mortem. Times are UTC; every text of others is text. `words` says it in `language`. */
export function incidentHtml(incident: Incident, writtenAt: number, words: Words, language: string): string {
  const title = words(incident.titleSaid ?? incident.title);
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...headHtml(incident, writtenAt, words),
    ...timelineHtml(incident, words),
    ...SLOT_COLORS.map((color) => section(capital(color), sideHtml(incident.sides[color], words))),
    ...comparedHtml(incident, words),
    ...SLOT_COLORS.map((color) =>
      section(words(say("incident.linesOf", { side: color })), linesHtml(incident, color, words)),
    ),
    section(words(say("incident.linesUnknown")), linesHtml(incident, null, words)),
    ...maskedHtml(incident, words),
  ];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${parts.join("\n")}</body></html>\n`;
}

/** Puts what is told into the language of the reader. */
type Words = (told: Told) => string;

function headHtml({ application, at, deployment, missing, missingSaid }: Incident, writtenAt: number, words: Words) {
  const unknown = say("incidentFile.unknown");
  return [
    paragraph(words(say("incidentFile.about", { application, at: time(at), writtenAt: time(writtenAt) }))),
    deployment
      ? paragraph(
          words(
            say("incidentFile.deployment", {
              ...{ id: deployment.id, kind: deployment.kind, status: deployment.status },
              ...{ from: deployment.from, to: deployment.to },
              before: deployment.fromRevision ? revisionName(deployment.fromRevision) : unknown,
              version: deployment.revision ? revisionName(deployment.revision) : unknown,
            }),
          ),
        )
      : "",
    ...(missingSaid ?? missing).map((what) => paragraph(words(say("incident.missing", { what })))),
  ];
}

function timelineHtml({ timeline, newErrors }: Incident, words: Words): string[] {
  return [
    section(
      words(say("incident.timeline")),
      table(
        [say("incidentFile.time"), say("incidentFile.sideOf"), say("incidentFile.what")].map(words),
        timeline.map((each) => [time(each.at), each.side ?? "", words(each.said ?? each.text), each.isBad]),
        words,
      ),
    ),
    section(
      words(say("incident.newErrors")),
      table(
        [say("incidentFile.first"), say("incidentFile.times"), say("incidentFile.example")].map(words),
        newErrors.map((each) => [
          time(each.firstAt),
          words(say("incidentFile.counts", { ...each.counts })),
          each.example,
          true,
        ]),
        words,
      ),
    ),
  ];
}

function comparedHtml({ changes, lastGood }: Incident, words: Words): string[] {
  const absent = words(say("incident.absent"));
  const seconds = (count: number | null) => (count === null ? absent : words(say("incident.seconds", { count })));
  const version = lastGood?.revision ? revisionName(lastGood.revision) : say("incidentFile.unknown");
  return [
    section(
      words(say("incident.changes")),
      changes === null
        ? paragraph(words(say("incident.changesUnknown")))
        : table(
            [say("incidentFile.field"), say("incidentFile.was"), say("incidentFile.is")].map(words),
            changes.map((each) => [each.field, each.before ?? absent, each.after ?? absent, false]),
            words,
          ),
    ),
    section(
      words(say("incident.lastGood")),
      lastGood
        ? `${paragraph(words(say("incidentFile.version", { deployment: lastGood.deploymentId, version, at: time(lastGood.finishedAt) })))}${table(
            [say("incident.stage"), say("incident.before"), say("incident.now")].map(words),
            lastGood.stages.map((each) => [each.stage, seconds(each.good), seconds(each.now), false]),
            words,
          )}`
        : paragraph(words(say("incident.lastGoodNone"))),
    ),
  ];
}

function maskedHtml({ masked }: Incident, words: Words): string[] {
  if (masked.length === 0) return [];
  const rows = masked.map(({ name, count }): Row => [name, String(count), "", false]);
  const head = [say("incidentFile.rule"), say("incidentFile.count")].map(words);
  return [section(words(say("incident.masked")), table(head, rows, words))];
}

function sideHtml({ role, revision, counts, tasks, targets, metrics }: IncidentSide, words: Words): string {
  const last = metrics.at(-1);
  const version = revision ? revisionName(revision) : say("incident.noRevision");
  const [state, why] = [words(say("incidentFile.state")), words(say("incidentFile.why"))];
  return [
    paragraph(words(say("incidentFile.side", { role: capital(role), revision: version }))),
    paragraph(words(say("incident.sideNote", { ...counts }))),
    last ? paragraph(words(say("incident.requestsNote", { requests: last.requests, errors: last.errors }))) : "",
    table(
      [words(say("incidentFile.task")), state, why, words(say("incidentFile.containers"))],
      tasks.map((task) => [
        task.id,
        task.lastStatus,
        [task.stopCode, task.stoppedReason].filter(Boolean).join(": "),
        false,
        words(containersSaid(task)),
      ]),
      words,
    ),
    table(
      [words(say("incidentFile.target")), state, why],
      targets.map((each) => [
        `${each.id}:${each.port}`,
        each.state,
        [each.reason, each.description].filter(Boolean).join(": "),
        each.state === "unhealthy",
      ]),
      words,
    ),
  ].join("");
}

/** Every container with its exit code. */
export function containersSaid({ containers }: Pick<IncidentSide["tasks"][number], "containers">): Sentence {
  return listSaid(
    containers.map(({ name, exitCode, reason }) => {
      const end = exitCode === undefined ? say("incident.noExitCode") : explainExitCode(exitCode);
      return reason ? say("incident.containerWhy", { name, end, reason }) : say("incident.container", { name, end });
    }),
    "semicolon",
  );
}

function linesHtml({ lines }: Incident, side: SlotColor | null, words: Words): string {
  const own = lines.filter(({ slot }) => slot === side);
  if (own.length === 0) return paragraph(words(say("incident.linesNone")));
  return `<pre>${own.map((line) => escapeHtml(`${time(line.at)} ${line.taskId?.slice(0, 8) ?? "-"} ${(line.level ?? "-").toUpperCase()} ${asOneEntry(line.text)}`)).join("\n")}</pre>`;
}

/** Three cells, whether it is bad, and perhaps a fourth. */
type Row = readonly [string, string, string, boolean, string?];

function table(head: readonly string[], rows: readonly Row[], words: Words): string {
  if (rows.length === 0) return paragraph(words(say("incident.nothing")));
  const cells = (row: Row) =>
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
