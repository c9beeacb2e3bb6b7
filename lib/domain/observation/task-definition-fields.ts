import { maskSecrets } from "../log/secrets.ts";
import { cutText } from "../text/cut-text.ts";
/** One field of a task definition: what it says, or for what must not be shown, a fingerprint that says whether it changed. */
export interface TaskDefinitionField {
  /** Its path in words: "library: health check: command". */
  field: string;
  text?: string;
  fingerprint?: string;
}

/** Makes a fingerprint of a value: the same for the same value, and nothing can be learned of it. */
export type Fingerprint = (value: string) => string;

/** What only a registered definition has, and RegisterTaskDefinition does not take. */
export const REGISTERED_ONLY = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "deregisteredAt",
  "deleteRequestedAt",
  "registeredBy",
] as const;

/** Fields that people know by another name than AWS's member. */
const WORDS: Readonly<Record<string, string>> = {
  cpu: "CPU",
  ipcMode: "IPC mode",
  pidMode: "PID mode",
  taskRoleArn: "task role",
  executionRoleArn: "execution role",
  logConfiguration: "log",
  firelensConfiguration: "FireLens",
  readonlyRootFilesystem: "read-only root file system",
  containerDefinitions: "",
  sizeInGiB: "GiB",
};
/** By what members the entries of a list are told apart, so that their order is no change; the first that an entry has. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containerDefinitions: ["name"],
  environment: ["name"],
  secrets: ["name"],
  secretOptions: ["name"],
  properties: ["name"],
  volumes: ["name"],
  ulimits: ["name"],
  tags: ["key"],
  dependsOn: ["containerName"],
  mountPoints: ["containerPath"],
  volumesFrom: ["sourceContainer"],
  systemControls: ["namespace"],
  extraHosts: ["hostname"],
  resourceRequirements: ["type"],
  inferenceAccelerators: ["deviceName"],
  devices: ["hostPath"],
  tmpfs: ["containerPath"],
  portMappings: ["containerPort", "containerPortRange"],
};
/** Lists of which only matters what is in them. */
const UNORDERED = new Set([
  ...["requiresCompatibilities", "placementConstraints", "add", "drop", "links", "dockerSecurityOptions"],
  ...["ignoredExitCodes", "mountOptions"],
]);
/** Where the member that tells an entry says all that matters beside one other, that other is shown alone. */
const VALUES: Readonly<Record<string, string>> = {
  environment: "value",
  secrets: "valueFrom",
  secretOptions: "valueFrom",
  properties: "value",
  tags: "value",
  systemControls: "value",
  dependsOn: "condition",
};
/** Lists and maps whose values may be secrets, whatever they are called. */
const HIDDEN = new Set(["environment", "dockerLabels", "options", "driverOpts", "labels"]);
/** Options of log drivers and FireLens that are no secrets. */
const OPEN_OPTION = /^(awslogs-|mode$|max-buffer-size$|config-file-|enable-ecs-log-metadata$)/;
/** In members that this code does not know, what sounds like a secret is not shown either. */
const SOUNDS_SECRET = /secret|password|passwd|token|credential|api-?key|private/i;
/** References to where a secret is kept are no secrets. */
const REFERENCE = /^(valueFrom|credentialsParameter|credentialSpecs)$/;
const LONGEST = 2000;

interface Place {
  words: readonly string[];
  isHidden: boolean;
}

/**
 * Every field of a task definition as AWS answered it, with its tags, also fields that nobody here knows: those that only a
 * registered one has are left out, and what is empty counts as absent. Values of environment variables and of anything that may
 * be a secret come as fingerprints.
 */
export function taskDefinitionFields(
  definition: Readonly<Record<string, unknown>>,
  fingerprint: Fingerprint,
): TaskDefinitionField[] {
  const fields: TaskDefinitionField[] = [];
  const seen = new Map<string, number>();

  /** Whatever it is, nothing that is or holds a secret passes here in the open. */
  const add = (place: Place, given: unknown): void => {
    const value = settled(given);
    const words = sentence(place.words);
    const times = (seen.get(words) ?? 0) + 1;
    seen.set(words, times);
    const field = times > 1 ? `${words} (${times})` : words;
    const whole = phrase(value);
    const text = phrase(masked(value));
    if (place.isHidden || mayHide(value)) fields.push({ field, fingerprint: fingerprint(JSON.stringify(value)) });
    else if (text.length > LONGEST)
      fields.push({ field, text: `${cutText(text, LONGEST)}…`, fingerprint: fingerprint(whole) });
    else if (text !== whole) fields.push({ field, text, fingerprint: fingerprint(whole) });
    else fields.push({ field, text });
  };

  /** A structure that holds nothing to hide is one field, so that a person reads it in one line. */
  const walk = (place: Place, name: string, value: unknown): void => {
    if (isEmpty(value)) return;
    const isHidden = place.isHidden || HIDDEN.has(name);
    if (Array.isArray(value)) walkList({ ...place, isHidden }, name, value);
    else if (isRecord(value) && (isHidden || mayHide(value)))
      for (const [member, inner] of Object.entries(value)) walk(within(place, name, member, inner), member, inner);
    else add({ ...place, isHidden }, value);
  };

  const walkList = (place: Place, name: string, list: readonly unknown[]): void => {
    if (!Object.hasOwn(KEYS, name) || !list.every(isRecord)) {
      add(place, settled(list, name));
      return;
    }
    for (const entry of list) {
      const key = keyOf(name, entry);
      if (key === undefined) add(place, entry);
      else walkEntry(place, name, key, entry);
    }
  };

  const walkEntry = (place: Place, name: string, key: string, entry: Record<string, unknown>): void => {
    const label = labelOf(name, key, entry);
    const isContainer = name === "containerDefinitions";
    const here: Place = { ...place, words: [...place.words, isContainer ? label : ` ${label}`] };
    const rest = Object.fromEntries(
      Object.entries(entry).filter(([member, inner]) => member !== key && !isEmpty(inner)),
    );
    const [only] = Object.keys(rest);
    if (isContainer || (!place.isHidden && mayHide(rest)))
      for (const [member, inner] of Object.entries(rest)) walk(within(here, name, member, inner), member, inner);
    else if (only === undefined) add({ ...here, isHidden: false }, "set");
    else add(here, Object.keys(rest).length === 1 && only === VALUES[name] ? rest[only] : rest);
  };

  const left: ReadonlySet<string> = new Set(REGISTERED_ONLY);
  for (const [member, value] of Object.entries(definition))
    if (!left.has(member)) walk(within({ words: [], isHidden: false }, "", member, value), member, value);
  // Last of all, what tells an order apart that no field above shows.
  fields.push({
    field: "Order of entries",
    fingerprint: fingerprint(JSON.stringify(canonical(settled(definition), left))),
  });
  return fields;
}

/** The member by which the list's entry is told apart; undefined where it has none. */
function keyOf(list: string, entry: unknown): string | undefined {
  if (!Object.hasOwn(KEYS, list) || !isRecord(entry)) return undefined;
  return KEYS[list]?.find((one) => typeof entry[one] === "string" || typeof entry[one] === "number");
}

function labelOf(list: string, key: string, entry: Readonly<Record<string, unknown>>): string {
  return list === "portMappings" ? `${entry[key]}/${entry.protocol ?? "tcp"}` : `${entry[key]}`;
}

/** The same with every list whose order means nothing in one order; entries of the same name stand as they do: the last one counts. */
function settled(value: unknown, name = ""): unknown {
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, settled(inner, member)]));
  if (!Array.isArray(value)) return value;
  const entries = value.map((entry) => settled(entry));
  const labels = entries.map((entry) => {
    const key = keyOf(name, entry);
    if (key !== undefined && isRecord(entry)) return labelOf(name, key, entry);
    return UNORDERED.has(name) ? (JSON.stringify(entry) ?? "") : null;
  });
  if (labels.includes(null) || (new Set(labels).size < labels.length && !UNORDERED.has(name))) return entries;
  return entries
    .map((entry, at) => ({ entry, label: labels[at] ?? "" }))
    .sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
    .map(({ entry }) => entry);
}

function within(place: Place, parent: string, member: string, value: unknown): Place {
  const isOption = HIDDEN.has(parent);
  const word = isOption ? ` ${member}` : wordOf(member);
  const sounds = soundsSecret(member) && !isRecord(value);
  return {
    words: word === "" ? place.words : [...place.words, parent === "" ? capital(word) : word],
    isHidden: sounds || (isOption ? !OPEN_OPTION.test(member) : place.isHidden),
  };
}

/** "library: environment LOG_LEVEL": a part that begins with a space belongs to the one before it. */
function sentence(words: readonly string[]): string {
  return words.reduce((said, word) =>
    said === "" ? word.trim() : word.startsWith(" ") ? said + word : `${said}: ${word}`,
  );
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

function wordOf(member: string): string {
  return (Object.hasOwn(WORDS, member) ? WORDS[member] : undefined) ?? spaced(member);
}

/** "stopTimeout" as "stop timeout", "efsVolumeConfiguration" as "EFS volume configuration". */
function spaced(member: string): string {
  return member
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/\b(?:arn|cpu|dns|efs|gpu|iam|id|ip|ipc|pid|s3)\b/g, (name) => name.toUpperCase())
    .replace(/\bfsx\b/, "FSx")
    .replace(/\bs3files\b/, "S3 Files");
}

/** "cpu architecture ARM64, operating system family LINUX"; a list of texts as JSON, so that its parts are told apart. */
function phrase(value: unknown): string {
  if (Array.isArray(value)) return value.some(isRecord) ? value.map(phrase).join("; ") : JSON.stringify(value);
  if (!isRecord(value)) return typeof value === "string" ? value : JSON.stringify(value);
  return Object.entries(value)
    .filter(([, inner]) => !isEmpty(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([member, inner]) => `${wordOf(member)} ${phrase(inner)}`)
    .join(", ");
}

/** The same without what logs would mask, such as the password of an address in a command; references say where a secret is, and none. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("arn:") ? value : maskSecrets(value);
  if (Array.isArray(value))
    return value.map((entry, at) => (isSecretOf(value[at - 1], entry) ? "[masked: named secret]" : masked(entry)));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, masked(inner)]));
}

/** "--db-password", "hunter2". */
function isSecretOf(flag: unknown, word: unknown): boolean {
  const isFlag = typeof flag === "string" && /^--?[\w.-]+$/.test(flag) && SOUNDS_SECRET.test(flag);
  return isFlag && typeof word === "string" && !word.startsWith("-");
}

/** Whether anything in it, however deep, is or may be a secret. */
function mayHide(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mayHide);
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([member, inner]) => HIDDEN.has(member) || soundsSecret(member) || mayHide(inner));
}

function soundsSecret(member: string): boolean {
  return SOUNDS_SECRET.test(member) && !REFERENCE.test(member) && !Object.hasOwn(KEYS, member);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every(isEmpty);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members in the order of their names, nothing that is empty; lists as they stand. */
function canonical(value: unknown, left: ReadonlySet<string> = new Set()): unknown {
  if (Array.isArray(value)) return value.map((entry) => canonical(entry));
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .filter(([member, inner]) => !left.has(member) && !isEmpty(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([member, inner]) => [member, canonical(inner)]);
}
