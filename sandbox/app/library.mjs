/**
 * The library application that sandbox tasks run: plain Node, no dependencies, one file, so that a task starts fast.
 * Everything it is told comes from the environment (TAG, KIND, SLOT, TASK_ID, HOST, PORT, SLOW_MS) and from the IPC
 * channel of the process that started it; when that channel closes, the application ends.
 */
import { createServer } from "node:http";

const { TAG = "0.0.0", KIND = "healthy", SLOT = "", TASK_ID = "", HOST = "127.0.0.1", PORT = "8081" } = process.env;
const bootedAt = performance.now();

const BOOKS = [
  { id: 7, title: "The Left Hand of Darkness", author: "Ursula K. Le Guin", copies: 3 },
  { id: 12, title: "Kindred", author: "Octavia E. Butler", copies: 2 },
  { id: 31, title: "Invisible Cities", author: "Italo Calvino", copies: 1 },
  { id: 44, title: "The Makioka Sisters", author: "Jun'ichirō Tanizaki", copies: 4 },
];
const LOANS = [
  { id: 901, book: 12, member: 118, due: "2026-12-01" },
  { id: 902, book: 31, member: 204, due: "2026-12-04" },
];
const STACK = [
  "    at com.example.library.LoanService.open(LoanService.java:88)",
  "    at com.example.library.LoanController.open(LoanController.java:41)",
  "    at org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)",
];

/** What /actuator/health answers: an HTTP status, or "hang" for no answer at all. */
let health = KIND === "unhealthy" || KIND === "slow" ? 503 : 200;
let requests = 0;
let isStopping = false;

/* One write per batch of lines: a write per request would cost more than the request itself. */
let lines = "";
const flush = () => {
  if (lines !== "") process.stdout.write(lines);
  lines = "";
};
const log = (level, message) => {
  if (lines === "") setTimeout(flush, 20);
  lines += `${level.padEnd(5)} ${message}\n`;
};
const logStack = () => {
  for (const line of STACK) lines += `${line}\n`;
};

const sendJson = (response, status, body) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
};

const routes = {
  "GET /": () => [200, { tag: TAG, slot: SLOT, task: TASK_ID }],
  "GET /books": () => [200, BOOKS],
  "GET /books/:id": (id) => {
    const book = BOOKS.find((one) => one.id === id);
    return book ? [200, book] : [404, { status: 404, error: "Not Found" }];
  },
  "GET /members/:id": (id) => [200, { id, name: `Member ${id}`, loans: LOANS.filter((loan) => loan.member === id) }],
  "GET /loans/open": () => [200, LOANS],
};

const echo = (request, response) => {
  response.writeHead(200, { "content-type": request.headers["content-type"] ?? "application/octet-stream" });
  request.pipe(response);
};

const answerSlowly = (url, response) => {
  const timer = setTimeout(
    () => sendJson(response, 200, { slept: true, tag: TAG }),
    Number(url.searchParams.get("ms") ?? 1000),
  );
  response.on("close", () => clearTimeout(timer));
};

const stream = (url, response) => {
  const chunks = Number(url.searchParams.get("chunks") ?? 5);
  const ms = Number(url.searchParams.get("ms") ?? 100);
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    response.write(`chunk ${sent}\n`);
    if (sent >= chunks) {
      clearInterval(timer);
      response.end();
    }
  }, ms);
  response.on("close", () => clearInterval(timer));
};

const answerHealth = (response) => {
  if (health === "hang") return;
  sendJson(response, health, { status: health === 200 ? "UP" : "DOWN" });
};

const handle = (request, response) => {
  const url = new URL(request.url ?? "/", "http://library");
  response.setHeader("x-app-version", TAG);
  if (SLOT) response.setHeader("x-slot", SLOT);
  if (isStopping) response.setHeader("connection", "close");
  const startedAt = performance.now();
  response.on("finish", () => {
    const ms = Math.max(1, Math.round(performance.now() - startedAt));
    log(
      response.statusCode >= 500 && url.pathname !== "/actuator/health" ? "ERROR" : "INFO",
      `${request.method} ${request.url} ${response.statusCode} ${ms} ms`,
    );
  });
  // Logged as any other request, as most applications do.
  if (url.pathname === "/actuator/health") return answerHealth(response);
  requests += 1;
  if (KIND === "errors" && requests % 5 === 0) {
    log("ERROR", "NullPointerException: Book.shelf is null at LoanService.open(LoanService.java:88)");
    logStack();
    return sendJson(response, 500, { status: 500, error: "Internal Server Error", path: url.pathname });
  }
  if (request.method === "POST" && url.pathname === "/echo") return echo(request, response);
  if (url.pathname === "/slow") return answerSlowly(url, response);
  if (url.pathname === "/stream") return stream(url, response);
  request.resume();
  const [, base, id] = /^(\/\w+)\/(\d+)$/.exec(url.pathname) ?? [];
  const route = routes[`${request.method} ${id === undefined ? url.pathname : `${base}/:id`}`];
  const [status, body] = route ? route(Number(id)) : [404, { status: 404, error: "Not Found", path: url.pathname }];
  sendJson(response, status, body);
};

const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 }, handle);

const exit = (code) => {
  flush();
  process.exit(code);
};

const stop = () => {
  if (isStopping) return;
  isStopping = true;
  log("INFO", "Commencing graceful shutdown. Waiting for active requests to complete");
  server.close(() => {
    log("INFO", "Graceful shutdown complete");
    exit(0);
  });
  // Responses already under way cannot be told to close any more: their sockets go as soon as they fall idle.
  setInterval(() => server.closeIdleConnections(), 25);
};

const crash = () => {
  log("ERROR", "Application run failed");
  lines +=
    "java.lang.IllegalStateException: Failed to load property source from location 'classpath:/application.yml'\n";
  lines +=
    "    at org.springframework.boot.context.config.ConfigFileApplicationListener$Loader.load(ConfigFileApplicationListener.java:545)\n";
  lines += "    at com.example.library.LibraryApplication.main(LibraryApplication.java:14)\n";
  exit(1);
};

const announce = () => {
  const { address, port } = server.address();
  process.send?.({ type: "listening", address, port });
  log("INFO", `Tomcat started on port ${port} (http) with context path '/'`);
  const seconds = (performance.now() - bootedAt) / 1000 + 8.1;
  log(
    "INFO",
    `Started LibraryApplication in ${seconds.toFixed(3)} seconds (process running for ${(seconds + 0.9).toFixed(1)})`,
  );
  if (KIND === "crash") setTimeout(crash, 1000);
  const slowMs = Number(process.env.SLOW_MS ?? 20_000);
  if (KIND === "slow" && slowMs > 0) setTimeout(() => (health = 200), slowMs);
};

log(
  "INFO",
  `Starting LibraryApplication v${TAG} using Java 21.0.5 with PID 1 (/app/library.jar started by app in /app)`,
);
server.on("listening", announce);
// Only Linux answers on all of 127.0.0.0/8, and another sandbox may hold the address: any free port will do then.
server.once("error", () => server.listen(0, "127.0.0.1"));
server.listen(Number(PORT), HOST);

process.on("SIGTERM", stop);
process.on("SIGINT", () => {}); // Ctrl-C reaches the whole process group; the sandbox decides when its tasks stop.
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message?.health === undefined) return;
  health = message.health;
  process.send?.({ type: "health", health });
});
