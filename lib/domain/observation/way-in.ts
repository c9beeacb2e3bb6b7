import { type Sentence, say } from "../sentence/sentence.ts";
import type { SlotColor } from "./slot.ts";
import type { Weights } from "./traffic.ts";

/** A listener's default action, or a rule, that leads to a side of the application. */
export interface WayIn {
  /** The listener's ARN where its default action leads there, else the rule's. */
  arn: string;
  /** "library-alb:80". */
  listener: string;
  /** "HTTP", "HTTPS" and the like. */
  protocol: string;
  /** Null for the default action. */
  priority: number | null;
  /** The requests it takes, in words: "path /api/*", "header X-Preview: green". */
  takes: string;
  /** `takes` in no language yet. */
  takesSaid?: Sentence;
  weights: Weights;
  /** Target groups beside the two sides that get a share. */
  others: { name: string; weight: number }[];
  /** Further target groups that a side's tasks are in and that it leads through; left out where it leads to the sides' own alone. */
  through?: string[];
  /** Whether it moves with a switch, is the test listener, or is neither and stays where it is. */
  use: "production" | "test" | "other";
  /** In words, the earlier rules that take every request it could take: nothing reaches it. Left out where something does. */
  shadowedBy?: string;
  /** `shadowedBy` in no language yet. */
  shadowedSaid?: Sentence;
}

/** Every way in as last read. */
export interface WaysIn {
  ways: WayIn[];
  /** Epoch ms at which the oldest of its reads was sent. */
  readAt: number;
  /** In words, what of the newest look is missing, so that a side may be served without being in `ways`; null when nothing is. */
  problem: string | null;
  /** `problem` in no language yet. */
  problemSaid?: Sentence;
}

/** "rule 5 (path /api/*) of library-alb:80". */
export function waySaid(
  {
    priority,
    takes,
    takesSaid,
    listener,
    through = [],
  }: Pick<WayIn, "priority" | "takes" | "takesSaid" | "listener" | "through">,
  place: "start" | "middle" = "middle",
): Sentence {
  const way =
    priority === null
      ? say("way.default", { place, listener })
      : say("way.rule", { place, priority, takes: takesSaid ?? takes, listener });
  return through.length === 0 ? way : say("way.through", { way, groups: through.join(", ") });
}

/** The ways that send requests to this side and do not move with a switch. Test traffic is no harm to anybody. */
export function waysServing({ ways }: Pick<WaysIn, "ways">, side: SlotColor): WayIn[] {
  return ways.filter((way) => way.use === "other" && way.shadowedBy === undefined && way.weights[side] > 0);
}

/** Production ways first, then the test listener, then those that stay; within each by listener and place. */
export function inOrder(ways: readonly WayIn[]): WayIn[] {
  const uses: WayIn["use"][] = ["production", "test", "other"];
  const place = ({ priority }: WayIn) => priority ?? Number.POSITIVE_INFINITY;
  return ways.toSorted(
    (a, b) =>
      uses.indexOf(a.use) - uses.indexOf(b.use) ||
      a.listener.localeCompare(b.listener, "en", { numeric: true }) ||
      place(a) - place(b),
  );
}
