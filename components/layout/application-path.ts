import { OWN_PAGES } from "@/lib/domain/application/own-pages.ts";

/** The application that a path belongs to; null for pages of the whole console. */
export function applicationOf(pathname: string): string | null {
  const first = pathname.split("/")[1] ?? "";
  return first === "" || OWN_PAGES.includes(first) ? null : decodeURIComponent(first);
}

/** Which page of an application a path leads to, and of which deployment; the board when it names no other. */
export function pageOf(pathname: string): {
  page: "board" | "deploy" | "deployments" | "logs";
  id: string | null;
} {
  const [page = "", id] = pathname.split("/").slice(2);
  if (page === "deployments" && id) return { page, id: decodeURIComponent(id) };
  return { page: page === "deploy" || page === "deployments" || page === "logs" ? page : "board", id: null };
}
