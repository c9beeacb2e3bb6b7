import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import { cutText } from "../text/cut-text.ts";
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

/** Puts what is told into the reader's language. */
type Words = (told: Told) => string;

const MOST_CHARACTERS = 300;
const ENDS = /^deployment\.(succeeded|stopped|rolled-back|rollback-failed|ended)$/;
const BEGINS = ["deployment.deploy", "deployment.switch", "deployment.rollback"];

/**
 * A summary for whoever takes over, from audit rows alone, given oldest first: how it stands in short, what happened, and what
 * was refused or failed. `isCut` says that older rows were left out. Rows of before codes were kept stay English.
 */
export function writeHandover(
  scope: HandoverScope,
  rows: readonly AuditRow[],
  now: number,
  isCut = false,
  words: Words = englishOf,
): Handover {
  const happened = rows.filter((row) => row.outcome === "done");
  const notDone = rows.filter((row) => row.outcome !== "done");
  const sections: [Sentence, string[]][] = [
    [say("handover.inShort"), inShort(rows, words)],
    [say("handover.happened"), happened.map((row) => line(row, words))],
    [say("handover.notDone"), notDone.map((row) => line(row, words))],
  ];
  return {
    title: words(
      scope.kind === "deployment"
        ? say("handover.ofDeployment", { id: scope.deploymentId, application: scope.application })
        : say("handover.ofApplication", { application: scope.application }),
    ),
    intro: words(introSaid(scope, rows, now, isCut)),
    sections: sections.map(([heading, lines]) => ({
      heading: words(heading),
      lines: lines.length > 0 ? lines : [words(say("handover.nothing"))],
    })),
  };
}

function introSaid(scope: HandoverScope, rows: readonly AuditRow[], now: number, isCut: boolean): Sentence {
  const [first, last] = [rows[0]?.sequence, rows.at(-1)?.sequence];
  const isSpan = scope.kind === "application";
  const isChained = first !== undefined && last !== undefined;
  return say("handover.intro", {
    at: time(now),
    count: rows.length,
    span: isSpan ? "told" : "none",
    from: isSpan ? time(scope.from) : "",
    to: isSpan ? time(scope.to) : "",
    chain: isChained ? "told" : "none",
    first: isChained ? String(first) : "",
    last: isChained ? String(last) : "",
    cut: isCut ? "told" : "none",
  });
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

function inShort(rows: readonly AuditRow[], words: Words): string[] {
  const ids = [...new Set(rows.flatMap((row) => row.deploymentId ?? []))];
  const people = [...new Set(rows.filter((row) => row.via !== "engine").map((row) => row.actorName))];
  const refused = rows.filter((row) => row.outcome !== "done").length;
  return [
    ...ids.flatMap((id) => {
      const own = rows.filter((row) => row.deploymentId === id);
      const stands = standsSaid(id, own, words);
      return stands ? [words(stands)] : [];
    }),
    ...(people.length > 0 ? [words(say("handover.acted", { people: people.join(", ") }))] : []),
    ...(refused > 0 ? [words(say("handover.attempts", { count: refused }))] : []),
  ];
}

/** How one deployment stands by its rows; null where they say nothing of it. */
function standsSaid(id: string, own: readonly AuditRow[], words: Words): Sentence | null {
  const end = own.findLast((row) => ENDS.test(row.action));
  const begin = own.find((row) => row.outcome === "done" && BEGINS.includes(row.action));
  const moved = own.findLast((row) => row.outcome === "done" && row.action.startsWith("traffic."));
  if (!end && !begin && !moved) return null;
  const named = `${id}${changeOf(end ?? moved ?? begin, words)}`;
  const what = begin ? askedSaid(named, begin) : named;
  if (end) return say("handover.ended", { what, at: time(end.at), message: messageOf(end) });
  if (moved) return say("handover.lastMoved", { what, at: time(moved.at), action: moved.action });
  return say("handover.notEnded", { what });
}

function askedSaid(what: string, { actorName, askedAt, at, reason }: AuditRow): Sentence {
  const asked = say("handover.askedFor", { what, who: actorName, at: time(askedAt ?? at) });
  return reason ? say("handover.reason", { what: asked, reason }) : asked;
}

function line(row: AuditRow, words: Words): string {
  const { at, actorName, action, outcome, reason } = row;
  const role = row.role ? ` (${row.role})` : "";
  const code = row.code ? ` ${row.code}` : "";
  const requests = row.awsRequestIds ?? (row.awsRequestId ? [row.awsRequestId] : []);
  const aws = requests.length > 0 ? ` [AWS ${requests.join(" ")}]` : "";
  const ended = outcome === "done" ? "" : ` ${outcome}${code}`;
  const what = `${time(at)} ${actorName}${role}: ${action}${ended}${changeOf(row, words)}. ${words(messageOf(row))}`;
  return `${reason ? words(say("handover.reason", { what, reason })) : what}${aws}`;
}

function messageOf({ said, message }: AuditRow): Told {
  return said ?? message;
}

function changeOf(row: AuditRow | undefined, words: Words): string {
  if (!row?.after) return "";
  const after = words(row.afterSaid ?? row.after);
  return row.before ? `, ${words(row.beforeSaid ?? row.before)} -> ${after}` : `, ${after}`;
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** One line, without what would move the cursor or turn the reading direction round. */
function plain(text: string): string {
  const flat = text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/g, "");
  return flat.length > MOST_CHARACTERS * 3 ? `${cutText(flat, MOST_CHARACTERS * 3)}…` : flat;
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
