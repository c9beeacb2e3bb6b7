import { OWN_PAGES } from "@/lib/domain/application/own-pages.ts";

const PAGES = ["board", "deploy", "deployments", "incidents", "logs", "moving", "rollback"] as const;
type ApplicationPage = (typeof PAGES)[number];

/** The application that a path belongs to; null for pages of the whole console. */
export function applicationOf(pathname: string): string | null {
  const first = pathname.split("/")[1] ?? "";
  return first === "" || OWN_PAGES.includes(first) ? null : decodeURIComponent(first);
}

/** Which page of an application a path leads to, and of which deployment; the board when it names no other. */
export function pageOf(pathname: string): {
  page: ApplicationPage;
  id: string | null;
} {
  const [name = "", id] = pathname.split("/").slice(2);
  const page = PAGES.find((one) => one === name) ?? "board";
  return { page, id: page === "deployments" && id ? decodeURIComponent(id) : null };
}
