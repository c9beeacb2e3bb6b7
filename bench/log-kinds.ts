import { readFile } from "node:fs/promises";
import { LogBuffer } from "../components/logs/log-buffer.ts";
import { LogView } from "../components/logs/log-view.ts";
import { signatureOf } from "../lib/domain/log/signature.ts";
import { fillTemplates, readTemplates, scoreKinds } from "../lib/domain/log/signature-corpus.ts";
import { countedKinds, surelyNewKinds } from "../lib/domain/observation/compared-errors.ts";
import { compareErrorKinds, FALSE_ALARMS, sidesOf } from "../lib/domain/observation/error-kinds.ts";
import { replayLooks, seededRandom } from "../lib/domain/observation/error-replays.ts";
import { parseLogFilter } from "../lib/domain/observation/log-filter.ts";
import type { LogLine } from "../lib/domain/observation/log-line.ts";
import { type Figure, quantile } from "./figure.ts";

const TEMPLATES = new URL("../lib/domain/log/signature-templates.txt", import.meta.url);
const LINES = 100_000;
const REPLAYS = 300;
const WATCHED_MINUTES = 10;
const SHARES = [0.05, 0.1, 0.5, 0.9, 1] as const;

/** How well and how fast kinds of error are told, how often one is called new that is not, and how fast kept lines are searched. */
export async function measureLogKinds(): Promise<Figure[]> {
  const templates = readTemplates(await readFile(TEMPLATES, "utf8"));
  const corpus = fillTemplates(templates, 50, seededRandom(11));
  const { precision, recall, kinds, lines } = scoreKinds(corpus, signatureOf);
  const many = Array.from({ length: LINES }, (_, i) => lineOf(i, corpus[i % corpus.length]?.text ?? ""));
  return [
    share("error kinds: precision over pairs", precision, `${lines} lines of ${kinds} kinds`),
    share("error kinds: recall over pairs", recall, "names without quotes are told from nothing"),
    {
      name: `error kinds: ${LINES.toLocaleString("en")} error lines of both sides compared`,
      value: await median(5, () => compareErrorKinds(sidesOf(many, null), "green")),
      unit: "ms",
      target: { kind: "<=", value: 500 },
      note: "on the server, off the page's thread",
    },
    ...falseAlarms(templates),
    ...(await measureSearch(many)),
  ];
}

/** Deployments of the same version on both sides, at several splits of traffic: whatever is called new then is not. */
function falseAlarms(templates: readonly string[]): Figure[] {
  const checks = { atLeast: 1, blockSwitch: true, rollBack: true };
  const counted = { looks: 0, blocked: 0, turned: 0 };
  for (let replay = 0; replay < REPLAYS; replay++) {
    const share = SHARES[replay % SHARES.length] ?? 1;
    let isTurned = false;
    for (const each of replayLooks({ templates, share, minutes: WATCHED_MINUTES, random: seededRandom(replay + 1) })) {
      counted.looks++;
      if (countedKinds(each.found, checks).length > 0) counted.blocked++;
      isTurned ||= surelyNewKinds(each, checks, each.since).length > 0;
    }
    if (isTurned) counted.turned++;
  }
  const target = { kind: "<=", value: FALSE_ALARMS } as const;
  const note = `${REPLAYS} replays (seeds 1 to ${REPLAYS}) of ${WATCHED_MINUTES} minutes, ${SHARES.map((each) => each * 100).join(", ")} % of the traffic on the new side, in bursts`;
  return [
    {
      name: "error kinds: deployments turned round by chance",
      value: counted.turned / REPLAYS,
      unit: "",
      target,
      note,
    },
    { name: "error kinds: looks that block by chance", value: counted.blocked / counted.looks, unit: "", target, note },
  ];
}

async function measureSearch(lines: readonly LogLine[]): Promise<Figure[]> {
  const buffer = new LogBuffer();
  const [oldest, ...others] = lines;
  const searched = oldest ? [{ ...oldest, text: "needle-in-the-oldest" }, ...others] : [];
  buffer.add(searched.map((line) => ({ kind: "line", id: line.id, at: line.at, line })));
  const nothing = parseLogFilter("", { now: 0, clock: () => performance.now(), maxSpentMs: 2000 });
  const view = new LogView({ slot: "both", filter: nothing }, buffer.rows);
  const figures: Figure[] = [];
  const budget = { ms: 24, clock: () => performance.now() };
  // The last of them is found in the oldest line alone.
  for (const typed of ["kim", "level:error 대출 실패", "/time(d )?out after \\d+/", "needle-in-the-oldest"]) {
    let found = 0;
    const first = await median(9, () => {
      const filter = parseLogFilter(typed, { now: 0, clock: () => performance.now(), maxSpentMs: 2000 });
      view.reset({ slot: "both", filter }, buffer.rows, budget);
      while (view.rows.length === 0 && !view.isComplete) view.more(buffer.rows, budget);
      found = view.rows.length;
    });
    figures.push({
      name: `log: first result of ${LINES.toLocaleString("en")} kept lines searched for ${typed}`,
      value: first,
      unit: "ms",
      target: { kind: "<=", value: 100 },
      note: `${found} by then`,
    });
  }
  return figures;
}

const lineOf = (i: number, text: string): LogLine => ({
  id: `l${i}`,
  at: i,
  slot: i % 2 === 0 ? "blue" : "green",
  taskId: "3e91c0d2",
  stream: "s",
  level: "error",
  text,
});

async function median(times: number, work: () => unknown): Promise<number> {
  const durations: number[] = [];
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    work();
    durations.push(performance.now() - startedAt);
  }
  return quantile(durations, 0.5);
}

const share = (name: string, value: number, note: string): Figure => ({
  name,
  value,
  unit: "",
  target: { kind: ">=", value: 0.98 },
  note,
});
