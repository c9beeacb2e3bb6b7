import { expect, test } from "vitest";
import { auditRow } from "@/lib/testing/test-rows.ts";
import { auditCsv } from "./audit-csv.ts";

test.each(["=1+1", "+1", "-1", "@SUM(A1)", ";=1+1", "\t=1+1", "\r=1+1", "＝1+1", "＠SUM(A1)"])(
  "%j begins with a quote, so that no spreadsheet runs it",
  (reason) => {
    expect(auditCsv([auditRow({ reason })])).toContain(`'${reason}`);
  },
);

test.each(["no;=1+1", "no\t=1+1", "no,=1+1", 'no"', "no\n=1+1"])(
  "%j stays one cell, whatever separates cells",
  (reason) => {
    expect(auditCsv([auditRow({ reason })])).toContain(`"${reason.replaceAll('"', '""')}"`);
  },
);
