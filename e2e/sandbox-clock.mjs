// For `node --import`: gives the program under test the time of a sandbox that runs faster than real time. Log lines, metrics
// and states are told in the sandbox's time, and what acts on AWS lives in AWS's: apart from it, every line would lie in the future.
import { promisify } from "node:util";

const speed = Number(process.env.SANDBOX_SPEED || 1);
if (speed !== 1) runAt(speed, await sandboxTime(process.env.AWS_ENDPOINT_URL));

async function sandboxTime(url) {
  const askedAt = Date.now();
  const { now } = await (await fetch(`${url}/_sandbox`)).json();
  return { real: (askedAt + Date.now()) / 2, sandbox: Date.parse(now) };
}

/** Time passes `speed` times as fast from there on, and timers fire in it. */
function runAt(speed, { real, sandbox }) {
  const RealDate = Date;
  const now = () => Math.round(sandbox + (RealDate.now() - real) * speed);
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args));
    }
    static now() {
      return now();
    }
    // Of its own: Next.js copies what the class itself has.
    static parse = RealDate.parse;
    static UTC = RealDate.UTC;
    static [Symbol.hasInstance](value) {
      return value instanceof RealDate;
    }
  };
  for (const name of ["setTimeout", "setInterval"]) {
    const start = globalThis[name];
    const inItsTime = (act, ms, ...args) => start(act, ms / speed, ...args);
    if (name === "setTimeout")
      inItsTime[promisify.custom] = (ms, ...rest) => start[promisify.custom](ms / speed, ...rest);
    globalThis[name] = inItsTime;
  }
}
