import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": import.meta.dirname,
      // Next's own marker throws outside a server bundle; unit tests are a server.
      "server-only": new URL("./node_modules/next/dist/compiled/server-only/empty.js", import.meta.url).pathname,
    },
  },
  test: {
    include: ["{lib,sandbox,components,scripts,bench,torture,app,deploy}/**/*.test.{ts,tsx}", "*.test.ts"],
    // Imports its schema as JSON without saying so, which Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    restoreMocks: true,
  },
});
