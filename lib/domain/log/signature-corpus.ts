/** One line of a kind that is known. */
interface LabelledKind {
  kind: number;
  text: string;
}

/** How well kinds are told, over pairs of lines: of the pairs called the same kind, how many are; of those that are, how many are called so. */
export interface KindScore {
  lines: number;
  kinds: number;
  precision: number;
  recall: number;
}

const WORDS = ["kim", "loans_pkey", "members", "isbn", "order-queue", "a b", "책", "user.name", "x", "Seoul"] as const;

/** The templates of a file, one a line; `#` begins a comment. */
export function readTemplates(file: string): string[] {
  return file.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Each template filled in so many times. `random` answers 0 to 1. */
export function fillTemplates(templates: readonly string[], times: number, random: () => number): LabelledKind[] {
  const below = (most: number) => Math.floor(random() * most);
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join("");
  const ip = () => [10, below(256), below(256), below(256)].join(".");
  const values: Readonly<Record<string, () => string>> = {
    int: () => String(below(10 ** (1 + below(6)))),
    digit: () => String(below(10)),
    port: () => String(1024 + below(60_000)),
    float: () => (random() * 100).toFixed(1 + below(3)),
    hex: () => `${below(10)}${hex(6 + below(26))}a`,
    uuid: () => [8, 4, 4, 4, 12].map(hex).join("-"),
    ip,
    url: () => `http://${ip()}:${1024 + below(60_000)}/books/${below(9999)}?page=${below(99)}`,
    email: () => `${hex(3 + below(5))}.kim@example${below(9)}.com`,
    path: () => `/srv/app/views/${below(999)}/page${below(99)}.html`,
    word: () => WORDS[below(WORDS.length)] ?? "x",
  };
  return templates.flatMap((template, kind) =>
    Array.from({ length: times }, () => ({
      kind,
      text: template
        .replace(/^\{json:(.*)\}$/, "$1")
        .replaceAll(/\{(\w+)\}/g, (whole, name) => values[name]?.() ?? whole),
    })),
  );
}

/** Compares every pair of lines. */
export function scoreKinds(corpus: readonly LabelledKind[], signatureOf: (text: string) => string): KindScore {
  const told = corpus.map(({ kind, text }) => ({ kind, called: signatureOf(text) }));
  const pairs = (of: (each: (typeof told)[number]) => string) => {
    const counts = new Map<string, number>();
    for (const each of told) counts.set(of(each), (counts.get(of(each)) ?? 0) + 1);
    return [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  };
  const right = pairs(({ kind, called }) => `${kind} ${called}`);
  return {
    lines: corpus.length,
    kinds: new Set(corpus.map(({ kind }) => kind)).size,
    precision: right / pairs(({ called }) => called),
    recall: right / pairs(({ kind }) => String(kind)),
  };
}
