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
  // Native-free but WASM-loading or dynamically requiring packages stay outside the bundle.
  serverExternalPackages: ["@electric-sql/pglite", "pg"],
  // PGlite finds these at run time, where tracing does not look.
  outputFileTracingIncludes: { "/**": ["./node_modules/@electric-sql/pglite/dist/**/*.{js,wasm,data}"] },
  // All but event streams, which say no-transform: they must reach the browser unbuffered.
  compress: true,
  // Next would write instructions for other programs into the checkout.
  agentRules: false,
  // Types are a check of their own (npm test): a person who only wants to start waits for the bundle alone.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [{ source: "/:path*", headers }],
};
