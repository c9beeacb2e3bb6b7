import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { englishOf, type Told } from "../domain/sentence/told.ts";

/** One thing wrong with the environment or switchyard.yaml, with where it is and what to do. */
export interface ConfigProblem {
  /** "NEXTAUTH_SECRET", or "switchyard.yaml:12:5 applications[0].bakeMinutes". */
  where: string;
  /** What is wrong, with the value where it is no secret. */
  message: string;
  fix: string;
  /** Both in no language yet, or as another program says it. */
  said: { message: Told; fix: Told };
}

/** Notes what is wrong with one setting. */
export type Report = (where: string, message: Told, fix: Told) => void;

/** What is wrong and what to do, in English and in no language. */
export function configProblem(where: string, message: Told, fix: Told): ConfigProblem {
  return { where, message: englishOf(message), fix: englishOf(fix), said: { message, fix } };
}

/** Everything wrong at once, so that one start is enough to know it all. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(renderProblems(problems));
    this.problems = problems;
  }
}

/** The problems as a person reads them on a terminal. */
function renderProblems(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(({ where, message, fix }) => `  - ${where}: ${message}\n      fix: ${fix}`);
  return [`Switchyard cannot start: ${count}`, ...lines].join("\n");
}

/** The problems in one line, for a page. */
export function problemsSaid(problems: readonly ConfigProblem[]): Sentence {
  return listSaid(
    problems.map(({ where, said }) => say("config.problem", { where, ...said })),
    "dot",
  );
}

/** The candidate nearest to a misspelt name; null when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
