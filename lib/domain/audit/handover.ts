import type { AuditRow } from "./audit.ts";

/** What a handover is about. */
export type HandoverScope =
  | { kind: "deployment"; deploymentId: string; application: string }
  | { kind: "application"; application: string; from: number; to: number };

/** A handover before it is rendered; every line may hold strangers' words. */
export interface Handover {
  title: string;
  intro: string;
  sections: { heading: string; lines: string[] }[];
}

const MOST_CHARACTERS = 300;
const ENDS = /^deployment\.(succeeded|stopped|rolled-back|rollback-failed|ended)$/;
const BEGINS = ["deployment.deploy", "deployment.switch", "deployment.rollback"];

/**
 * A summary for whoever takes over, from audit rows alone, given oldest first: how it stands in short, what happened, and what
 * was refused or failed. `isCut` says that older rows were left out.
 */
export function writeHandover(scope: HandoverScope, rows: readonly AuditRow[], now: number, isCut = false): Handover {
  const what =
    scope.kind === "deployment" ? `deployment ${scope.deploymentId} of ${scope.application}` : scope.application;
  const span = scope.kind === "application" ? ` from ${time(scope.from)} to ${time(scope.to)}` : "";
  const happened = rows.filter((row) => row.outcome === "done");
  const notDone = rows.filter((row) => row.outcome !== "done");
  return {
    title: `Handover: ${what}`,
    intro: `Written ${time(now)} from the audit${span}, ${count(rows.length, "row")}${placesOf(rows)}${isCut ? "; older rows were left out" : ""}. Times are UTC.`,
    sections: [
      { heading: "In short", lines: inShort(rows) },
      { heading: "What happened", lines: happened.map(line) },
      { heading: "Refused or failed", lines: notDone.map(line) },
    ].map(({ heading, lines }) => ({ heading, lines: lines.length > 0 ? lines : ["Nothing"] })),
  };
}

/** For a terminal, a chat or a mail. */
export function handoverText({ title, intro, sections }: Handover): string {
  const parts = sections.map(({ heading, lines }) => [heading, ...lines.map((each) => `  ${plain(each)}`)].join("\n"));
  return `${[plain(title), plain(intro), ...parts].join("\n\n")}\n`;
}

/** The same as Markdown; strangers' words stay words, whatever they hold. */
export function handoverMarkdown({ title, intro, sections }: Handover): string {
  const parts = sections.map(({ heading, lines }) =>
    [`## ${heading}`, lines.map((each) => `- ${escapeMarkdown(each)}`).join("\n")].join("\n\n"),
  );
  return `${[`# ${escapeMarkdown(title)}`, escapeMarkdown(intro), ...parts].join("\n\n")}\n`;
}

function inShort(rows: readonly AuditRow[]): string[] {
  const ids = [...new Set(rows.flatMap((row) => row.deploymentId ?? []))];
  const deployments = ids.flatMap((id) => {
    const own = rows.filter((row) => row.deploymentId === id);
    const end = own.findLast((row) => ENDS.test(row.action));
    const begin = own.find((row) => row.outcome === "done" && BEGINS.includes(row.action));
    const moved = own.findLast((row) => row.outcome === "done" && row.action.startsWith("traffic."));
    if (!end && !begin && !moved) return [];
    const asked = begin ? `, asked for by ${begin.actorName} at ${time(begin.askedAt ?? begin.at)}${why(begin)}` : "";
    const change = changeOf(end ?? moved ?? begin);
    const stands = end
      ? `ended ${time(end.at)}: ${end.message}`
      : moved
        ? `not ended here; last moved traffic ${time(moved.at)}: ${moved.action}`
        : "not ended here";
    return [`${id}${change}${asked}; ${stands}`];
  });
  const people = [...new Set(rows.filter((row) => row.via !== "engine").map((row) => row.actorName))];
  const refused = rows.filter((row) => row.outcome !== "done").length;
  return [
    ...deployments,
    ...(people.length > 0 ? [`Acted: ${people.join(", ")}`] : []),
    ...(refused > 0 ? [`${count(refused, "attempt")} refused or failed`] : []),
  ];
}

function line(row: AuditRow): string {
  const role = row.role ? ` (${row.role})` : "";
  const code = row.code ? ` ${row.code}` : "";
  const requests = row.awsRequestIds ?? (row.awsRequestId ? [row.awsRequestId] : []);
  const aws = requests.length > 0 ? ` [AWS ${requests.join(" ")}]` : "";
  const outcome = row.outcome === "done" ? "" : ` ${row.outcome}${code}`;
  return `${time(row.at)} ${row.actorName}${role}: ${row.action}${outcome}${changeOf(row)}. ${row.message}${why(row)}${aws}`;
}

function changeOf(row: AuditRow | undefined): string {
  if (!row?.after) return "";
  return row.before ? `, ${row.before} -> ${row.after}` : `, ${row.after}`;
}

function why({ reason }: AuditRow): string {
  return reason ? ` (reason: ${reason})` : "";
}

function placesOf(rows: readonly AuditRow[]): string {
  const [first, last] = [rows[0]?.sequence, rows.at(-1)?.sequence];
  return first === undefined || last === undefined ? "" : `, ${first} to ${last} of its chain`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** One line, without what would move the cursor or turn the reading direction round. */
function plain(text: string): string {
  const flat = text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/g, "");
  return flat.length > MOST_CHARACTERS * 3 ? `${flat.slice(0, MOST_CHARACTERS * 3)}…` : flat;
}

function escapeMarkdown(text: string): string {
  return (
    plain(text)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(/[\\`*_{}[\]()#+!|~>]/g, "\\$&")
      // A link by its mere look, and somebody who would be told.
      .replaceAll("://", "&#58;//")
      .replaceAll(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replaceAll("@", "&#64;")
      // Would begin a list or a rule of their own.
      .replace(/^(\s*)([-=])/, "$1\\$2")
      .replace(/^(\s*\d+)([.)])/, "$1\\$2")
  );
}
