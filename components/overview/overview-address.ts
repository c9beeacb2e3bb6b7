import { cutText } from "@/lib/domain/text/cut-text.ts";
import { GROUPINGS, type Grouping } from "./application-rows.ts";

/** What the overview shows, as its address says it, so that a link or a bookmark is a saved filter. */
export interface OverviewAddress {
  filter: string;
  grouping: Grouping;
  /** Only what waits for a person. */
  needsPerson: boolean;
}

const LONGEST_FILTER = 200;

/** Reads `?filter=…&group=…&needs=person`; what nobody knows is as if it were not there. */
export function readOverviewAddress(query: URLSearchParams): OverviewAddress {
  const group = query.get("group");
  return {
    filter: cutText(query.get("filter") ?? "", LONGEST_FILTER),
    grouping: GROUPINGS.find((each) => each === group) ?? "none",
    needsPerson: query.get("needs") === "person",
  };
}

/** The query with these in it; everything else of it stays as it is. */
export function writeOverviewAddress(search: string, { filter, grouping, needsPerson }: OverviewAddress): string {
  const query = new URLSearchParams(search);
  const put = (name: string, value: string) => (value === "" ? query.delete(name) : query.set(name, value));
  put("filter", filter);
  put("group", grouping === "none" ? "" : grouping);
  put("needs", needsPerson ? "person" : "");
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
