import { inEnglish } from "../sentence/in-language.ts";
import { oneLine } from "../text/one-line.ts";
import type { Discovery, Proposal, Undecided } from "./discovery.ts";

/** A commented switchyard.yaml for what was found. Every name is quoted, so that none is read as anything but text. */
export function toConfigText(
  discovery: Discovery,
  { proposals, undecided }: { proposals: readonly Proposal[]; undecided: readonly Undecided[] },
): string {
  const { services, entrances, region, notSeen } = discovery;
  const lines = [
    "# What was found in AWS, as a proposal. Nothing was changed there.",
    `# Looked at ${region}: ${services.length} services, ${entrances.length} listeners and rules.`,
    "# Read it, correct it, save it as switchyard.yaml, and check it with npx switchyard verify.",
    ...notSeen.map((one) => comment(`Could not look: ${inEnglish(one)}`)),
    `region: ${quoted(region)}`,
    "",
    "# Who may do what. Without it nobody has a role.",
    '#   access: { viewer: { addresses: ["*@example.com"] }, admin: { addresses: [you@example.com] } }',
    "",
    proposals.length === 0 ? "applications: []" : "applications:",
    ...proposals.flatMap(applicationLines),
    ...(undecided.length > 0 ? ["", "# Left out:"] : []),
    ...undecided.map(({ service, why }) => comment(`${service}: ${inEnglish(why)}`)),
  ];
  return `${lines.join("\n")}\n`;
}

/** One proposal as an entry of a list, with comments. */
export function applicationLines(proposal: Proposal): string[] {
  const { name, cluster, controller, service, listener, testListener, sides, container, notes, open } = proposal;
  const at = (one: { loadBalancer: string; port: number }) =>
    `{ loadBalancer: ${quoted(one.loadBalancer)}, port: ${one.port} }`;
  const side = (color: "blue" | "green") => {
    const one = sides?.[color];
    if (!one) return [];
    const own = one.service === null ? "" : `service: ${quoted(one.service)}, `;
    return [`    ${color}: { ${own}targetGroup: ${quoted(one.targetGroup)} }`];
  };
  return [
    ...notes.map((note) => `  ${comment(inEnglish(note))}`),
    ...open.map((one) => `  ${comment(`To decide: ${inEnglish(one)}`)}`),
    `  - name: ${quoted(name)}`,
    `    cluster: ${quoted(cluster)}`,
    `    controller: ${controller}`,
    ...(service === null ? [] : [`    service: ${quoted(service)}`]),
    ...(listener ? [`    listener: ${at(listener)}`] : []),
    ...(listener && listener.priority !== null ? [`    rule: { priority: ${listener.priority} }`] : []),
    ...(testListener ? [`    testListener: ${at(testListener)}`] : []),
    ...side("blue"),
    ...side("green"),
    ...(container === null ? [] : [`    container: ${quoted(container)}`]),
    ...(proposal.repository === null ? [] : [`    repository: ${quoted(proposal.repository)}`]),
    ...(proposal.logGroup === null ? [] : [`    logGroup: ${quoted(proposal.logGroup)}`]),
  ];
}

/** JSON's strings are YAML's; `$` begins a variable in switchyard.yaml. */
function quoted(text: string): string {
  return JSON.stringify(oneLine(text));
}

function comment(text: string): string {
  return `# ${oneLine(text)}`;
}
