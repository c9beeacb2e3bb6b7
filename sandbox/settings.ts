/** What the environment says about a sandbox that runs on its own. */
export interface SandboxSettings {
  port: number;
  /** The real port of `library-alb`'s port 80; the next one is the test listener's, and two for each other load balancer follow. */
  listenerPort: number;
  /** How many times faster than real time the world runs. */
  speed: number;
  /** Requests a second that built-in visitors send through the load balancer. */
  visitorsPerSecond: number;
  /** Which world it starts with; see SandboxOptions. */
  seed: true | "all" | "driven" | "paired" | "empty";
  /** How the world keeps time; see SandboxOptions. */
  profile: "fast" | "aws";
  /** The file with the identity policy that judges every call; null: every call may do everything. */
  policyFile: string | null;
}

/** All problems at once, each with its fix; `settings` is null when there is one. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): {
  settings: SandboxSettings | null;
  problems: string[];
} {
  const problems: string[] = [];
  const number = (name: string, fallback: number, min: number, max: number, isWhole: boolean): number => {
    const text = environment[name];
    if (text === undefined || text === "") return fallback;
    const value = Number(text);
    if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
    problems.push(
      `${name} is ${JSON.stringify(text)}: set ${isWhole ? "a whole number" : "a number"} from ${min} to ${max}`,
    );
    return fallback;
  };
  const readSeed = (): SandboxSettings["seed"] => {
    const text = environment.SANDBOX_SEED || "all";
    if (text === "paired" || text === "driven" || text === "all" || text === "empty") return text;
    if (text !== "task-sets")
      problems.push(`SANDBOX_SEED is ${JSON.stringify(text)}: set all, task-sets, paired, driven or empty`);
    return true;
  };
  const readProfile = (): "fast" | "aws" => {
    const text = environment.SANDBOX_PROFILE || "fast";
    if (text === "aws") return text;
    if (text !== "fast") problems.push(`SANDBOX_PROFILE is ${JSON.stringify(text)}: set fast or aws`);
    return "fast";
  };
  const settings: SandboxSettings = {
    port: number("SANDBOX_PORT", 4566, 0, 65_535, true),
    listenerPort: number("SANDBOX_LISTENER_PORT", 8080, 0, 65_532, true),
    speed: number("SANDBOX_SPEED", 1, 0.1, 100, false),
    visitorsPerSecond: number("SANDBOX_VISITORS", 0, 0, 1000, false),
    seed: readSeed(),
    profile: readProfile(),
    policyFile: environment.SANDBOX_POLICY || null,
  };
  return { settings: problems.length === 0 ? settings : null, problems };
}
