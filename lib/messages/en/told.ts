/** Sentences put together of others. */
export const told = {
  why: "{what}: {why}",
  next: "{first}. {second}",
  also: "{first}; {second}",
  hours: "{hours} h",
  minutes: "{minutes} min",
  seconds: "{seconds} s",
  times: "{before} {last}",
  allAtOnce: "all at once",
  canary: "{percent} % for {time}, then all",
  linear: "{percent} % every {time}, {total} in all",
  container: "{name}, exit code {code}",
  days: "{days} d",
  bootstrapToken: "Bootstrap token",
  token: "{name}",
  outside: "Outside Switchyard",
  outsideBy: "Outside Switchyard: {who}",
} as const;
