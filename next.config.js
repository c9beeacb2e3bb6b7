/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  poweredByHeader: false,
  reactStrictMode: true,
  // Native-free but WASM-loading or dynamically requiring packages stay outside the bundle.
  serverExternalPackages: ["@electric-sql/pglite", "pg"],
  // The stream of events must reach the browser unbuffered; a reverse proxy compresses the rest.
  compress: false,
};
