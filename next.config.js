import { readFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** Sent with every answer; the content security policy has a nonce for each request and comes from proxy.ts. */
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
];

/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  poweredByHeader: false,
  reactStrictMode: true,
  // WASM-loading and dynamically requiring packages stay outside of the bundle. So do the large ones: Next bundles
  // each route by itself, and a process would hold dozens of copies of them.
  serverExternalPackages: [
    "@electric-sql/pglite",
    "pg",
    ...Object.keys(dependencies).filter((name) => name.startsWith("@aws-sdk/")),
    "drizzle-orm",
    "nodemailer",
    "rrule-temporal",
    "temporal-polyfill",
    "yaml",
    "zod",
  ],
  // PGlite finds these at run time, where tracing does not look.
  outputFileTracingIncludes: { "/**": ["./node_modules/@electric-sql/pglite/dist/**/*.{js,wasm,data}"] },
  // All but event streams, which say no-transform: they must reach the browser unbuffered.
  compress: true,
  // A route is loaded when it is first asked for: a replica that only watches holds few of them.
  experimental: { preloadEntriesOnStart: false },
  // Next would write instructions for other programs into the checkout.
  agentRules: false,
  // Types are a check of their own (npm test): a person who only wants to start waits for the bundle alone.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [{ source: "/:path*", headers }],
};
