import { LOG_LEVELS, type LogLevel } from "./level-words.ts";

/** One line of the corpus with the level that a person reads in it. */
export interface LabelledLine {
  format: string;
  level: LogLevel | null;
  text: string;
}

/** How well one level is told: of the lines called so, how many are; of the lines that are, how many are called so. */
export interface LevelScore {
  level: LogLevel;
  lines: number;
  precision: number;
  recall: number;
}

/** Reads the corpus: a `## format` before each section, then lines of level, tab, and the text as a JSON string. */
export function readLevelCorpus(file: string): LabelledLine[] {
  let format = "";
  const lines: LabelledLine[] = [];
  for (const row of file.split("\n")) {
    if (row.startsWith("## ")) format = row.slice(3);
    const [, label, json] = /^(\w+)\t(.+)$/.exec(row) ?? [];
    if (label === undefined || json === undefined) continue;
    const level = LOG_LEVELS.find((each) => each === label) ?? null;
    lines.push({ format, level, text: String(JSON.parse(json)) });
  }
  return lines;
}

/** Precision and recall of each level. */
export function scoreLevels(corpus: readonly LabelledLine[], detect: (text: string) => LogLevel | null): LevelScore[] {
  const told = corpus.map((line) => ({ is: line.level, called: detect(line.text) }));
  return LOG_LEVELS.map((level) => {
    const called = told.filter((line) => line.called === level).length;
    const lines = told.filter((line) => line.is === level).length;
    const right = told.filter((line) => line.is === level && line.called === level).length;
    return { level, lines, precision: right / called, recall: right / lines };
  });
}
