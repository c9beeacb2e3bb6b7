import { putLogEvents } from "./log-events.ts";
import { expect, signIn, test, type World } from "./world.ts";

/* Lines that nobody wants to see, and a log that cannot be read. */

/** Writes lines into a running task's own stream: blue's, where it has one. */
async function write(world: World, messages: readonly string[], application = "library"): Promise<void> {
  const { body } = await world.api("GET", `/api/v1/applications/${application}`);
  const { blue, green } = (body as Awaited<ReturnType<World["snapshot"]>>).slots;
  const task = [...blue.tasks, ...green.tasks].find(({ lastStatus }) => lastStatus === "RUNNING");
  const timestamp = Date.now();
  const events = messages.map((message) => ({ timestamp, message }));
  const group = application === "library" ? "/ecs/library-management-task" : `/ecs/${application}-task`;
  await putLogEvents(`ecs/${application}/${task?.id}`, events, group);
}

/** What is written, and what of it a reader sees in its row. */
const STRANGE = [
  { name: "a NUL", text: "nul[\u0000]end", shown: "nul[]end" },
  { name: "a right-to-left override", text: "rtl[\u202egnp.exe\u202c]end", shown: "rtl[gnp.exe]end" },
  { name: "half a character", text: "half[\ud83d]end", shown: /^half\[.?\]end$/ },
  { name: "what no UTF-8 is", text: "broken[\ufffd\ufffd]end", shown: "broken[\ufffd\ufffd]end" },
  {
    name: "terminal sequences",
    text: "esc[\u001b]0;title\u0007\u001b[2J\u001b[31mred\u001b[0m]end",
    shown: "esc[red]end",
  },
  {
    name: "markup",
    text: "<script>window.__ran=1</script><img src=x onerror=window.__ran=1> mark[]end",
    shown: "<script>window.__ran=1</script><img src=x onerror=window.__ran=1> mark[]end",
  },
  {
    name: "an address that runs",
    text: "javascript:window.__ran=1 addr[]end",
    shown: "javascript:window.__ran=1 addr[]end",
  },
] as const;

test("lines of any kind are text, harm no line beside them, and do not make the page wider", async ({
  page,
  world,
}) => {
  test.setTimeout(120_000);
  await world.reset();
  await signIn(page, "viewer", "/library/logs");
  await page.goto("/library/logs?view=blue");
  await write(world, [...STRANGE.map(({ text }) => text), "x".repeat(1_000_000), "after them all"]);
  const log = page.getByRole("log");
  await expect(log.getByText("after them all").first()).toBeVisible({ timeout: 30_000 });
  const rows = await log.evaluate((element) =>
    [...element.querySelectorAll("[data-index]")].map(
      (row) => row.lastElementChild?.lastElementChild?.textContent ?? "",
    ),
  );
  for (const { name, shown } of STRANGE)
    expect(
      rows.some((row) => (typeof shown === "string" ? row.includes(shown) : shown.test(row))),
      `${name}: ${JSON.stringify(rows)}`,
    ).toBe(true);
  expect(rows.some((row) => row.startsWith("xxxx") && row.length < 20_000)).toBe(true);
  expect(await page.evaluate(() => (window as unknown as { __ran?: number }).__ran)).toBeUndefined();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test("where live tail is denied, lines arrive in steps; where the log cannot be read at all, it says so, and goes on after", async ({
  page,
  world,
}) => {
  test.setTimeout(180_000);
  await world.reset();
  const deny = (operation: string) =>
    world.sandbox("POST", "/faults", {
      service: "logs",
      operation,
      kind: "error",
      code: "AccessDeniedException",
      rate: 1,
    });
  await deny("StartLiveTail");
  // Of an application whose log nobody has followed here: a tail that is open is not asked for again.
  await signIn(page, "viewer", "/members/logs");
  await expect(page.getByText("The log arrives in steps")).toBeVisible({ timeout: 60_000 });
  await write(world, ["line in steps"], "members");
  await expect(page.getByRole("log").getByText("line in steps").first()).toBeVisible({ timeout: 30_000 });
  await deny("FilterLogEvents");
  await expect(page.getByText("The log cannot be read")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/logs:FilterLogEvents/).first()).toBeVisible();
  await world.sandbox("DELETE", "/faults");
  await write(world, ["line after it all"], "members");
  await expect(page.getByRole("log").getByText("line after it all").first()).toBeVisible({ timeout: 90_000 });
});
