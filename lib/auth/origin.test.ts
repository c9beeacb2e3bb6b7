import { expect, test } from "vitest";
import { isSameOrigin } from "./origin.ts";

const URL_ = "https://switchyard.example.com";

test.each([
  ["its own address", { origin: "https://switchyard.example.com" }, true],
  ["the host it was sent to", { origin: "http://10.0.0.7:3000", host: "10.0.0.7:3000" }, true],
  [
    "the host a proxy was asked for",
    { origin: "https://in.example", host: "app:3000", "x-forwarded-host": "in.example" },
    true,
  ],
  ["nobody", {}, false],
  ["a sandboxed frame", { origin: "null" }, false],
  ["another site", { origin: "https://evil.example", host: "switchyard.example.com" }, false],
  ["another port", { origin: "http://10.0.0.7:3001", host: "10.0.0.7:3000" }, false],
  ["the plain twin of its address", { origin: "http://switchyard.example.com" }, false],
  ["a longer name", { origin: "https://switchyard.example.com.evil.example" }, false],
  [
    "a sister site, as the browser says",
    { origin: "https://switchyard.example.com", "sec-fetch-site": "same-site" },
    false,
  ],
  [
    "its own page, as the browser says",
    { origin: "https://switchyard.example.com", "sec-fetch-site": "same-origin" },
    true,
  ],
])("a request from %s", (_name, headers, expected) => {
  expect(isSameOrigin({ headers: new Headers(headers) }, URL_)).toBe(expected);
});
