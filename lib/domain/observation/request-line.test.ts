import { expect, test } from "vitest";
import { requestMatcher } from "./request-line.ts";

const PLAIN = "\\b(?:GET|HEAD|POST) \\S+ (?<status>\\d{3})";
const COMBINED = '"(?:GET|POST) (?<path>\\S+) HTTP/1.1" (?<status>\\d{3}) \\d+ "[^"]*" "(?<agent>[^"]*)"';
const agentLine = (path: string, agent: string) => `10.0.0.9 - - [x] "GET ${path} HTTP/1.1" 200 12 "-" "${agent}"`;

test.each<[string, string, string, string[], string[], boolean]>([
  ["a person's request", PLAIN, "INFO GET /books?page=2 200 14 ms", ["/actuator/health"], [], true],
  ["the group's health check", PLAIN, "INFO GET /actuator/health 200 1 ms", ["/actuator/health"], [], false],
  ["it with a query", PLAIN, "INFO GET /actuator/health?full=1 200 1 ms", ["/actuator/health"], [], false],
  [
    "it behind a host",
    PLAIN,
    "INFO GET http://10.0.1.5:8081/actuator/health 200 1 ms",
    ["/actuator/health"],
    [],
    false,
  ],
  [
    "it in JSON",
    '"path":"(?<path>[^"]+)","status":(?<status>\\d+)',
    '{"path":"/healthz","status":200}',
    ["/healthz"],
    [],
    false,
  ],
  ["a path that only begins so", PLAIN, "INFO GET /healthcare 200 1 ms", ["/health"], [], true],
  ["a path below it", PLAIN, "INFO GET /health/details 200 1 ms", ["/health"], [], true],
  ["a path with characters of expressions", PLAIN, "INFO GET /a.b 200 1 ms", ["/a.b"], [], false],
  ["another that such an expression would match", PLAIN, "INFO GET /aXb 200 1 ms", ["/a.b"], [], true],
  ["a monitor's path", PLAIN, "INFO GET /ping 200 1 ms", ["/health"], ["/ping"], false],
  ["the root where it is the health check", PLAIN, "INFO GET / 200 1 ms", ["/"], [], false],
  ["another page where the root is the health check", PLAIN, "INFO GET /books 200 1 ms", ["/"], [], true],
  [
    "what the load balancer says of itself, whatever its path",
    COMBINED,
    agentLine("/x", "ELB-HealthChecker/2.0"),
    [],
    [],
    false,
  ],
  ["a person at the health check's path, told by the agent", COMBINED, agentLine("/", "Mozilla/5.0"), ["/"], [], true],
  ["a monitor with an agent of its own", COMBINED, agentLine("/ping", "curl/8"), ["/"], ["/ping"], false],
  ["no request at all", PLAIN, "INFO Started in 8.1 seconds", ["/"], [], false],
])("%s", (_name, expression, line, ofGroups, ofMonitors, isRequest) => {
  expect(requestMatcher(expression, { ofGroups, ofMonitors })(line) !== null).toBe(isRequest);
});
