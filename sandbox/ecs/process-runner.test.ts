import { expect, test } from "vitest";
import { harmless } from "./process-runner.ts";

test("a task's environment loads no other code into its process", () => {
  const environment = {
    NODE_OPTIONS: "--import data:text/javascript,evil()",
    node_options: "--inspect",
    NODE_PATH: "/tmp",
    LD_PRELOAD: "/tmp/evil.so",
    DYLD_INSERT_LIBRARIES: "/tmp/evil.dylib",
    OPENSSL_CONF: "/tmp/loads-a-provider.cnf",
    OPENSSL_MODULES: "/tmp",
    SLOT: "blue",
    CODE_NODE: "kept",
  };
  expect(harmless(environment)).toEqual({ SLOT: "blue", CODE_NODE: "kept" });
});
