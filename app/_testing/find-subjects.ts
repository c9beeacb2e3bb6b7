import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import type { Operation } from "@/lib/request/judge.ts";

/** Something that can be asked, as the files of the tree say. */
export interface Subject {
  kind: "page" | "route" | "action" | "operation" | "query";
  /** As the access table calls it. */
  name: string;
  file: string;
  /** What to call in the file. */
  export: string;
  /** Of a page or route, as the folders are called. */
  path: string;
}

const ROOT = join(import.meta.dirname, "../..");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** Every page, method of a route, server action, operation and query there is. */
export async function findSubjects(): Promise<Subject[]> {
  const files = await readdir(join(ROOT, "app"), { recursive: true });
  const found = await Promise.all([
    ...files.map((file) => inApp(`app/${file}`)),
    ...["operations", "queries"].map(async (folder) => {
      const names = (await readdir(join(ROOT, "lib", folder))).filter((name) => /^[a-z-]+\.ts$/.test(name));
      return (await Promise.all(names.map((name) => inLib(`lib/${folder}/${name}`)))).flat();
    }),
  ]);
  return found.flat().toSorted((a, b) => a.name.localeCompare(b.name));
}

async function inApp(file: string): Promise<Subject[]> {
  const path = `/${relative("app", file)
    .split("/")
    .slice(0, -1)
    .filter((part) => !part.startsWith("("))
    .join("/")}`;
  if (file.endsWith("/page.tsx")) return [{ kind: "page", name: `page ${path}`, file, export: "default", path }];
  if (file.endsWith("/route.ts")) {
    const exported = exportsOf(await source(file));
    return METHODS.filter((method) => exported.includes(method)).map((method) => ({
      kind: "route",
      name: `${method} ${path}`,
      file,
      export: method,
      path,
    }));
  }
  if (!/\.tsx?$/.test(file) || file.includes(".test.") || file.startsWith("app/_testing/")) return [];
  const text = await source(file);
  if (!/^"use server"/m.test(text)) return [];
  return exportsOf(text).map((name) => ({ kind: "action", name: `action ${name}`, file, export: name, path }));
}

/** An operation is one that says what it is judged by; a query goes through `ask`, which asks for permission first. */
async function inLib(file: string): Promise<Subject[]> {
  if (file.startsWith("lib/operations/")) {
    const module = (await import(`../../${file}`)) as Record<string, unknown>;
    const names = Object.keys(module).filter((name) => isOperation(module[name]));
    return names.map((name) => ({ kind: "operation", name: `operation ${name}`, file, export: name, path: "" }));
  }
  const text = await source(file);
  if (!/\breturn ask\(/.test(text)) return [];
  return contextTakers(text).map((name) => ({ kind: "query", name: `query ${name}`, file, export: name, path: "" }));
}

/** Whether an export is an operation as `defineOperation` and `defineAdministration` make them. */
export function isOperation(value: unknown): value is Operation<Result<unknown, unknown>> {
  return typeof value === "function" && "judged" in value;
}

/** Exported functions of `lib/operations` that take a context and are no operation: they would go round the permission. */
export async function findUnjudged(): Promise<string[]> {
  const files = (await readdir(join(ROOT, "lib/operations"))).filter((name) => /^[a-z-]+\.ts$/.test(name));
  const texts = await Promise.all(files.map((file) => source(`lib/operations/${file}`)));
  return texts.flatMap(contextTakers);
}

/** Every exported function that takes a context, so that none goes round the order. */
function contextTakers(text: string): string[] {
  const found = text.matchAll(/export (?:async )?function (\w+)(?:<[^>]*>)?\(\s*\w+: (?:\w+ & )?Context\b/g);
  return [...found].map(([, name = ""]) => name);
}

function exportsOf(text: string): string[] {
  const functions = [...text.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name ?? "");
  const constants = [...text.matchAll(/^export const (\w+) = /gm)].map(([, name]) => name ?? "");
  const lists = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list.split(",").map((item) => item.split(" as ").at(-1)?.trim() ?? ""),
  );
  return [...functions, ...constants, ...lists];
}

function source(file: string): Promise<string> {
  return readFile(join(ROOT, file), "utf8");
}
