import { type LogLevel, levelOfPriority, levelOfWord } from "./level-words.ts";

interface Beginning {
  pattern: RegExp;
  level(match: RegExpExecArray): LogLevel | null;
}

/** Of CEF and LEEF: 7 to 10 is high, 4 to 6 medium. https://www.microfocus.com/documentation/arcsight/ */
const EVENT_SEVERITIES: Readonly<Record<string, LogLevel>> = {
  "very-high": "error",
  high: "error",
  medium: "warn",
  low: "info",
};

/** Formats that are told by how a line begins. */
const BEGINNINGS: readonly Beginning[] = [
  // "CEF:0|Library|Loans|1.0|100|x|8|src=…", "LEEF:2.0|Library|Loans|1.0|100|sev=8", behind a header of syslog or not
  {
    pattern:
      /^(?:\S.{0,120} )?(?:CEF:[01]\|(?:(?:[^|\\]|\\.){0,200}\|){5}(Very-High|High|Medium|Low|\d{1,2})\||LEEF:[12]\.0\|.{0,2000}?\bsev=(\d{1,2})\b)/,
    level: ([, cef, leef]) => eventLevel(cef ?? leef ?? ""),
  },
  // Windows' events: <Event xmlns="…"><System>…<Level>2</Level>
  {
    pattern: /^<Event\b[^>]{0,200}>\s{0,9}<System>.{0,2000}?<Level>([0-5])<\/Level>/s,
    level: ([, level]) => (["info", "error", "error", "warn", "info", "debug"] as const)[Number(level)] ?? null,
  },
  // A letter behind the time, and then who says it: "2026-11-29 17:00:01 E loans: x"
  {
    pattern: /^\d{4}-\d\d-\d\d[ T][\d:.,]{8,15}Z? ([FEWID]) [\w./-]{1,60}: /,
    level: ([, letter]) => levelOfWord(letter),
  },
  // Elixir and Erlang, of what nobody rescued: "** (RuntimeError) x", "** (EXIT from #PID<0.31.0>) x"
  { pattern: /^\*\* \([A-Z]/, level: () => "error" },
  // klog, glog and CockroachDB: "E1129 17:00:01.120000 1 loans.go:17] x"
  // PyTorch puts its rank before it, and Meteor a hyphen into the time.
  {
    pattern: /^(?:\[rank\d+\]:)?\[?([IWEF])(?:\d\d|\d{4})?\d{4}[ -]\d\d:\d\d:\d\d/,
    level: ([, letter]) => levelOfWord(letter),
  },
  // A letter behind the time, and then the thread. semantic_logger: "2026-11-29 17:00:01.123456 E [31:main] Loans -- x";
  // Gluster: "[2026-11-29 17:00:01.123456] E [MSGID: 101] x"; Ray: "[2026-11-29 17:00:01,123 E 31 31] (raylet) x"
  {
    pattern:
      /^(?:\d{4}-\d\d-\d\d [\d:.]{8,15} ([FEWIDT]) \[\d+:|\[\d{4}-\d\d-\d\d [\d:.]{8,15}(?: [+-]\d{4})?\] ([ACEWNIDT]) \[|\[\d{4}-\d\d-\d\d [\d:,]{8,15} ([FCEWID]) \d+ \d+\])/,
    level: ([, first, second, third]) => (second === "A" ? "error" : levelOfWord(first ?? second ?? third)),
  },
  // A letter in front of the time. CUPS: "E [29/Nov/2026:17:00:01 +0000] x"; Tendermint: "E[2026-11-29|17:00:01.123] x"
  {
    pattern: /^([EWINDCA]) ?\[\d\d(?:\/\w{3}\/\d{4}:|\d\d-\d\d-\d\d\|)/,
    level: ([, letter]) => (letter === "A" ? "error" : levelOfWord(letter)),
  },
  // X.Org: "[    31.123] (EE) x"
  { pattern: /^\[ *\d+\.\d+\] \((E|W|I)\1\) /, level: ([, letter]) => levelOfWord(letter) },
  // Chromium: "[31:42:1129/170001.123456:ERROR:gpu_init.cc(523)] x"
  {
    pattern: /^\[(?:\d+:\d+:)?\d{4}\/\d{6}\.\d+:(FATAL|ERROR|WARNING|INFO|VERBOSE)\d?:/,
    level: ([, word]) => levelOfWord(word),
  },
  // Couchbase: "[ns_server:error,2026-11-29T17:00:01.123Z,…]x"
  { pattern: /^\[\w+:(critical|error|warn|info|debug),\d{4}-/, level: ([, word]) => levelOfWord(word) },
  // stunnel, with syslog's numbers: "2026.11.29 17:00:01 LOG3[main]: x"
  { pattern: /^[\d.]{10} [\d:]{8} LOG([0-7])\[/, level: ([, severity]) => levelOfPriority(Number(severity)) },
  // Locust and Icinga: "[2026-11-29 17:00:01,123] host/ERROR/locust.main: x", "[2026-11-29 17:00:01 +0000] critical/checker: x"
  {
    pattern:
      /^\[\d{4}-\d\d-\d\d [^\]]{8,20}\] (?:[\w.-]{1,80}\/)?(CRITICAL|ERROR|WARNING|INFO|DEBUG|critical|warning|information|notice|debug)\/[\w.]{1,80}: /,
    level: ([, word]) => levelOfWord(word),
  },
  // Unreal: "[2026.11.29-17.00.01:123][  0]LogNet: Error: x"
  {
    pattern: /^\[[\d.:-]{23}\]\[ *\d+\]\w+: (?:(Fatal|Error|Warning|Verbose|VeryVerbose): )?/,
    level: ([, word]) => (word === "VeryVerbose" ? "trace" : (levelOfWord(word) ?? "info")),
  },
  // Dancer and Mattermost: "[library:31] error @2026-11-29 17:00:01> x", "error [2026-11-29 17:00:01.123 Z] x"
  {
    pattern: /^(?:\[[\w.-]{1,60}:\d+\] )?(critical|error|warning|warn|info|debug) [@[]\d{4}-\d\d-\d\d /,
    level: ([, word]) => levelOfWord(word),
  },
  // Db2: "2026-11-29-17.00.01.123456+540 I1234E567   LEVEL: Event"
  { pattern: /^[\d.+-]{26,32} \w+ +LEVEL: (\w+)/, level: ([, word]) => levelOfWord(word) ?? "info" },
  // Greenplum and Vertica: "20261129:17:00:01:000031 gpstart:host:gpadmin-[ERROR]:-x", "… Init Session:0x7f <ERROR> @node: x"
  {
    pattern: /^(?:\d{8}:[\d:]{8,15} \S{1,120}-\[(\w+)\]:-|\d{4}-\d\d-\d\d [\d:.]{8,15} [^<\n]{1,80} <(\w+)> @)/,
    level: ([, first, second]) => (second === "LOG" ? "info" : levelOfWord(first ?? second)),
  },
  // Compilers that say where first: "a.ts(9,1): error TS2304: x"
  { pattern: /^[^\s(]{1,200}\(\d+,\d+\): (error|warning|info) \w+\d+: /, level: ([, word]) => levelOfWord(word) },
  // NCCL: "host:31:31 [0] NCCL WARN x"
  { pattern: /^\S{1,120}:\d+:\d+ \[\d+\] NCCL (WARN|INFO|ERROR|TRACE) /, level: ([, word]) => levelOfWord(word) },
  // Ceph: "2026-11-29T17:00:01.123456+0000 mon.a (mon.0) 31 : cluster [WRN] x"
  { pattern: /^\S+ \S{1,60} \(\S{1,60}\) \d+ : \w+ \[(\w{3})\] /, level: ([, word]) => levelOfWord(word) },
  // Corosync and Pacemaker: "Nov 29 17:00:01 [31] host corosync error   [TOTEM ] x", "… host pacemakerd [31] (x)  error: y"
  {
    pattern:
      /^\w{3} [ \d]\d [\d:]{8} (?:\[\d+\] \S{1,60} \w{1,30} (\w{4,8}) +\[|\S{1,60} \S{1,30} +\[\d+\] \(\S{1,60}\) +(\w{4,8}): )/,
    level: ([, first, second]) => levelOfWord(first ?? second),
  },
  // signale and consola: "[loans] › ✖  error     x"
  {
    pattern:
      /^(?:\[[^\]]{1,60}\] ?){0,3}(?:› ?)?[^\s\w[({"']\uFE0F? {1,2}(fatal|error|warning|warn|note|info|debug|success)\s{2,}\S/u,
    level: ([, word]) => levelOfWord(word),
  },
  // "Sentry Logger [error]: x"
  { pattern: /^\w{1,30} Logger \[(\w{4,7})\]: /, level: ([, word]) => levelOfWord(word) },
  // java.util.logging's XML
  { pattern: /^<record>[\s\S]{0,400}?<level>(\w+)<\/level>/, level: ([, word]) => levelOfWord(word) },
  // Ruby's Logger: "E, [2026-11-29T17:00:01.123456 #31] ERROR -- : x"
  { pattern: /^([DIWEFA]), \[/, level: ([, letter]) => (letter === "A" ? "info" : levelOfWord(letter)) },
  // Redis: "1:M 29 Nov 2026 17:00:01.123 # x"
  {
    pattern: /^\d+:[XCSM] \d\d? \w{3} (?:\d{4} )?[\d:.]+ ([.\-*#]) /,
    level: ([, mark]) => (mark === "#" ? "warn" : mark === "*" ? "info" : "debug"),
  },
  // logrus on a terminal: "ERRO[0000] x"
  { pattern: /^(PANI|FATA|ERRO|WARN|INFO|DEBU|TRAC)\[\d{4,}\]/, level: ([, word]) => levelOfWord(word) },
  // Erlang and OTP: "=ERROR REPORT==== 29-Nov-2026"
  {
    pattern: /^=(ERROR|CRASH|SUPERVISOR|WARNING|NOTICE|INFO|PROGRESS|DEBUG) REPORT====/,
    level: ([, word]) => (word === "CRASH" || word === "SUPERVISOR" ? "error" : (levelOfWord(word) ?? "info")),
  },
  {
    pattern: /^npm (ERR!|error|WARN|warn|notice|info|http|verb|sill)(?=\s|$)/,
    level: ([, word]) => npmLevel(word ?? ""),
  },
  { pattern: /^(?:\(node:\d+\) (?:\[\w+\] )?|\S{1,200}\.py:\d+: )\w*Warning: /, level: () => "warn" },
  // java.util.logging writes the level on its second line
  {
    pattern: /^\w{3} \d{1,2}, \d{4} [^\n]{1,300}\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /,
    level: ([, word]) => levelOfWord(word),
  },
  // The same where Java speaks Korean: "11월 29, 2026 5:00:01 오후 com.example.Loans lend", and "심각: x" below
  {
    pattern: /^\d{1,2}월 \d{1,2}, \d{4} [^\n]{1,300}\n(심각|경고|정보|구성|(?:보다 |가장 )?미세): /,
    level: ([, word]) => levelOfWord(word),
  },
  // swift-log: "2026-11-29T17:00:01+0000 error library : x"
  {
    pattern: /^\d{4}-\d\d-\d\dT\S{8,24} (critical|error|warning|notice|info|debug|trace) \S{1,80} ?:/,
    level: ([, word]) => levelOfWord(word),
  },
  // Tornado, Jupyter and Passenger: "[E 261129 17:00:01 web:1871] x"
  {
    pattern: /^(?:\[ ?(?=\w )|(?=\w \d{6} ))([CEWNID]) (?:\d{6}|\d{4}-\d\d-\d\d)? ?\d\d:\d\d:\d\d/,
    level: ([, letter]) => levelOfWord(letter),
  },
  // MongoDB before 4.4: "2026-11-29T17:00:01.123+0000 E NETWORK  [conn1] x"
  {
    pattern: /^\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d{4}|Z) ([FEWID])\d? +[A-Z-]+ +\[/,
    level: ([, letter]) => levelOfWord(letter),
  },
  // A program and its level in one word: "log4j:WARN x", "SLF4J(W): x", "prisma:error x"
  {
    pattern: /^(?:[\w.-]{2,40}:(ERROR|WARN|INFO|DEBUG|TRACE|FATAL)|prisma:(error|warn|info|query)|SLF4J\(([EWID])\):) /,
    level: ([, capitals, small, letter]) => (small === "query" ? "debug" : levelOfWord(capitals ?? small ?? letter)),
  },
  // TensorFlow: "2026-11-29 17:00:01.123456: E tensorflow/x.cc:271] x"
  {
    pattern: /^\d{4}-\d\d-\d\d [\d:.]{8,15}: ([EWIF]) [^\s:]{1,200}:\d+\] /,
    level: ([, letter]) => levelOfWord(letter),
  },
  // WebSphere: "[11/29/26 17:00:01:123 KST] 00000031 WebApp        E   SRVE0293E: x"
  {
    pattern: /^\[\d{1,2}\/\d{1,2}\/\d\d,? [^\]]{8,40}\] [0-9a-f]{8} \S{1,120} +([FEWAICD123])\s/,
    level: ([, letter = ""]) => (letter === "A" || letter === "C" ? "info" : (levelOfWord(letter) ?? "trace")),
  },
  // Open Liberty: "[AUDIT   ] CWWKF0011I: x"
  { pattern: /^\[AUDIT +\] /, level: () => "info" },
  // Julia and Zig: "[ Info: x", "info(library): x"
  { pattern: /^[[┌] (Info|Warning|Error|Debug): /, level: ([, word]) => levelOfWord(word) },
  { pattern: /^(error|warning|info|debug)\([\w.:-]{1,40}\): /, level: ([, word]) => levelOfWord(word) },
  // Heroku's router: "heroku[router]: at=error code=H12"
  { pattern: /\bheroku\[\w+\]: at=(error|warning|info) /, level: ([, word]) => levelOfWord(word) },
  // Android: "11-29 17:00:01.123  31  42 E library: x", "E/library(31): x"
  {
    pattern: /^(?:\d\d:\d\d:[\d.]{2,8} )?([VDIWEF])\/[\w.-]{1,60} *(?:\( *\d+\))?: /,
    level: ([, letter]) => (letter === "V" ? "trace" : levelOfWord(letter)),
  },
  {
    pattern: /^\d\d-\d\d [\d:.]{8,16} +\d+ +\d+ ([VDIWEF]) /,
    level: ([, letter]) => (letter === "V" ? "trace" : levelOfWord(letter)),
  },
  // PostgreSQL's CSV, by the SQLSTATE behind the level
  {
    pattern: /^\d{4}-\d\d-\d\d [\d:.]+ \w+,.{0,300}?,(PANIC|FATAL|ERROR|WARNING|NOTICE|LOG|INFO|DEBUG\d?),[\dA-Z]{5},/,
    level: ([, word]) => (word === "LOG" ? "info" : levelOfWord(word)),
  },
  // Kubernetes' events as kubectl lists them: "4m  Warning  BackOff  pod/library-0  x"
  {
    pattern: /^(?:\d{1,4}[smhd]){1,2}(?: \(x\d+ over [\dsmhd]+\))?\s+(?:\d+\s+)?(Warning|Normal)\s/,
    level: ([, word]) => (word === "Warning" ? "warn" : "info"),
  },
  // What runtimes write as they die
  {
    pattern:
      /^(?:Exception in thread "|Uncaught \w|Unhandled exception[. ]|Unhandled rejection |UnhandledPromiseRejection|Segmentation fault|\*\*\* stack smashing|terminate called |Killed$|java\.lang\.OutOfMemoryError\b)/,
    level: () => "error",
  },
  // Lambda: what its runtime says of a function that did not end well
  {
    pattern:
      /^\S+Z [\da-f-]{36} Task timed out after |^(?:START |RequestId: )?\S*\s?(?:RequestId: )?[\da-f-]{36} Error: /,
    level: () => "error",
  },
  // Twisted: "2026-11-29 17:00:01+0000 [-] Unhandled Error"
  { pattern: /^\S+ \S+ \[[^\]]{1,80}\] Unhandled Error\s*$/, level: () => "error" },
  // Next.js before 14: "error - x", "warn  - x"
  { pattern: /^(error|warn|info|debug|trace|오류|경고|정보)\s{1,4}- /, level: ([, word]) => levelOfWord(word) },
  { pattern: /^\w{1,40}Warning: /, level: () => "warn" },
  // A letter in brackets, and what reads as Markdown or as a mention: "[e] x", "**ERROR** x", "@ERROR x"
  { pattern: /^\[([ewid])\] /, level: ([, letter = ""]) => levelOfWord(letter.toUpperCase()) },
  {
    pattern: /^(?:@|\*\*)(FATAL|ERROR|WARN|WARNING|INFO|DEBUG|TRACE)(?:\*\*)?:? /,
    level: ([, word]) => levelOfWord(word),
  },
  { pattern: /^\[Fatal Error\] /, level: () => "error" },
  // apt: "E: x"
  { pattern: /^([EW]): \S/, level: ([, letter]) => levelOfWord(letter) },
  // "Error 500: x", Rust's "error[E0382]: x"
  { pattern: /^(error|warning|fatal)(?: \d{1,6}|\[[\w:-]{1,60}\]): /i, level: ([, word]) => levelOfWord(word) },
  // Ansible
  { pattern: /^\[DEPRECATION WARNING\]: /, level: () => "warn" },
  { pattern: /^(?:OpenJDK|Java HotSpot\(TM\)) [^:]{0,60} warning: /, level: () => "warn" },
  {
    pattern:
      /^(?:#?\s*[Ff]atal error(?:: | in )|# A fatal error has been detected by |\S{10} \S{8} http: panic serving |thread '[^']{0,80}' (?:\(\d+\) )?panicked at )/,
    level: () => "error",
  },
  { pattern: /^\s*(?:⨯|✖|❌)\s/u, level: () => "error" },
  { pattern: /^\s*⚠\uFE0F?\s/u, level: () => "warn" },
];

/** "info: 1, warn: 2, error: 3" */
const COUNTS = /^\s*(?:[\w-]{1,20}: ?\d{1,12}(?:[,;] ?|\s*$)){2,}$/;

/** The level of a format that is told by how a line begins; null where that says that it has none, undefined where it tells nothing. */
export function levelByBeginning(text: string): LogLevel | null | undefined {
  if (COUNTS.test(text)) return null;
  for (const { pattern, level } of BEGINNINGS) {
    const match = pattern.exec(text);
    const found = match && level(match);
    if (found) return found;
  }
  return undefined;
}

function eventLevel(severity: string): LogLevel {
  const named = EVENT_SEVERITIES[severity.toLowerCase()];
  return named ?? (Number(severity) >= 7 ? "error" : Number(severity) >= 4 ? "warn" : "info");
}

function npmLevel(word: string): LogLevel {
  if (word === "ERR!") return "error";
  if (word === "verb" || word === "sill") return word === "verb" ? "debug" : "trace";
  return word === "http" ? "info" : (levelOfWord(word) ?? "info");
}
