import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { applicationLines, toConfigText } from "./config-text.ts";
import { describedBy, servicesOf } from "./described.ts";
import type { Discovery, Proposal, Undecided } from "./discovery.ts";

/** A sentence with its English beside it, for published answers. */
export interface Told {
  message: string;
  said: Sentence;
}

/** One proposed application as pages and the API show it. */
export interface ProposedEntry extends Pick<Proposal, "name" | "cluster" | "controller"> {
  services: readonly string[];
  /** Its entry in switchyard.yaml, with its comments. */
  text: string;
  /** Of the text: whoever adds it says which one they have read. */
  hash: string;
  /** The application of switchyard.yaml that moves its services already; null when none does. */
  describedBy: string | null;
  notes: readonly Told[];
  open: readonly Told[];
}

/** What there is in the account, as a proposed switchyard.yaml. */
export interface DiscoveryReport {
  region: string;
  /** Epoch ms at which the look that is shown was over; null before the first. */
  at: number | null;
  /** Epoch ms since when a look is under way; null when none is. */
  lookingSince: number | null;
  services: number;
  entrances: number;
  notSeen: readonly Told[];
  proposals: readonly ProposedEntry[];
  /** Services that form no application and that switchyard.yaml does not describe. */
  leftOut: readonly (Omit<Undecided, "why"> & Told)[];
  /** The whole of a switchyard.yaml, for whoever has none; "" before the first look. */
  text: string;
  /** Where it can be added, for who may add; null for others. */
  file: { path: string; isWritable: boolean } | null;
}

/** What a look has found, with what it comes to. */
export interface Found {
  discovery: Discovery;
  proposals: readonly Proposal[];
  undecided: readonly Undecided[];
}

/** What a look found beside what switchyard.yaml describes. `hashOf` tells one text from another. */
export function reportFound(
  { discovery, proposals, undecided }: Found,
  applications: Parameters<typeof describedBy>[2],
  hashOf: (text: string) => string,
): Omit<DiscoveryReport, "region" | "at" | "lookingSince" | "file"> {
  return {
    services: discovery.services.length,
    entrances: discovery.entrances.length,
    notSeen: discovery.notSeen.map(tell),
    proposals: proposals.map((proposal) => {
      const { name, cluster, controller, service, sides, notes, open } = proposal;
      const services = servicesOf({ service, ...sides });
      const text = entryText(proposal);
      return {
        ...{ name, cluster, controller, services, text, hash: hashOf(text) },
        describedBy: describedBy(cluster, services, applications),
        notes: notes.map(tell),
        open: open.map(tell),
      };
    }),
    leftOut: undecided
      .filter(({ service, cluster }) => describedBy(cluster, [service], applications) === null)
      .map(({ service, cluster, why }) => ({ service, cluster, ...tell(why) })),
    text: toConfigText(discovery, { proposals, undecided }),
  };
}

/** The entry of one proposal, as it is shown and added. */
export function entryText(proposal: Proposal): string {
  return `${applicationLines(proposal).join("\n")}\n`;
}

function tell(said: Sentence): Told {
  return { message: inEnglish(said), said };
}
