import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { parseSync } from "oxc-parser";

const ROOT = join(import.meta.dirname, "../..");

interface Node {
  type: string;
  start: number;
  [member: string]: unknown;
}

/** One file of the product with its syntax tree. */
export interface SourceFile {
  /** From the project's folder: "components/board/board.tsx". */
  path: string;
  text: string;
  isClient: boolean;
  program: Node;
}

/** The files of these folders, without tests and what tests stand on. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\/_?testing\/|\/fixtures\//.test(path))
      .map(readSource),
  );
}

const read = new Map<string, SourceFile>();

function readSource(path: string): SourceFile {
  const known = read.get(path);
  if (known) return known;
  const text = readFileSync(join(ROOT, path), "utf8");
  const program = parseSync(path, text).program as unknown as Node;
  const file = { path, text, program, isClient: text.startsWith('"use client"') };
  read.set(path, file);
  return file;
}

/** Where a piece of text is written: "components/board/board.tsx:12 "Board"". */
export function placeOf(file: SourceFile, node: Node, text: string): string {
  return `${file.path}:${file.text.slice(0, node.start).split("\n").length} ${JSON.stringify(text.slice(0, 60))}`;
}

/** Calls `visit` with every node and the nodes around it, the nearest last. */
export function walk(node: Node, visit: (node: Node, around: readonly Node[]) => void): void {
  const around: Node[] = [];
  const go = (each: Node) => {
    visit(each, around);
    around.push(each);
    for (const member in each) {
      const value = each[member];
      if (Array.isArray(value)) for (const child of value) if (isNode(child)) go(child);
      if (isNode(value)) go(value);
    }
    around.pop();
  };
  go(node);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** What stands in a template's text for each value that is put in. */
export const PUT_IN = "{}";

/** The text of a literal, of a template with PUT_IN for its values, or of JSX; null for anything else. */
export function textOf(node: Node): string | null {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : null;
  if (node.type === "JSXText") return String(node.value).replaceAll(/\s+/g, " ").trim();
  if (node.type !== "TemplateLiteral") return null;
  return (node.quasis as { value: { cooked: string | null } }[]).map(({ value }) => value.cooked ?? "").join(PUT_IN);
}

/** The files that a file imports for their values, by path; types are gone at run time. */
export function importsOf(file: SourceFile): string[] {
  return (file.program.body as Node[])
    .filter(
      ({ type, importKind, exportKind }) =>
        /^(Import|Export)/.test(type) && importKind !== "type" && exportKind !== "type",
    )
    .filter(({ specifiers }) => !isOnlyTypes(specifiers as Node[] | undefined))
    .flatMap(({ source }) => (source ? [(source as Node).value as string] : []))
    .map((from) => (from.startsWith("@/") ? from.slice(2) : from.startsWith(".") ? beside(file.path, from) : ""))
    .filter((path) => path !== "");
}

function isOnlyTypes(specifiers: readonly Node[] | undefined): boolean {
  return (
    specifiers !== undefined && specifiers.length > 0 && specifiers.every(({ importKind }) => importKind === "type")
  );
}

function beside(path: string, from: string): string {
  return relative(ROOT, normalize(join(ROOT, dirname(path), from)));
}
