import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { can, PERMISSIONS, type Permission, ROLES } from "@/lib/domain/role.ts";
import { requireIdentity } from "../page-context.ts";

export const metadata: Metadata = { title: "Access" };

const WORDS: Readonly<Record<Permission, string>> = {
  view: "See everything: boards, logs, history, audit",
  deploy: "Deploy a new version to the standby side",
  switch: "Switch traffic to the other side",
  rollback: "Roll back",
  abort: "Abort a deployment",
  extend: "Extend the window in which rollback is instant",
  retire: "Retire the side that is no longer needed",
  approve: "Approve a promotion",
  reject: "Reject a promotion",
  tokens: "Make and revoke API tokens",
  access: "Give and take roles, end sessions",
  deliveries: "Have a notification tried again at once",
};

export default async function AccessPage() {
  const identity = await requireIdentity();
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).toSorted(
    (a, b) => ROLES.indexOf(PERMISSIONS[a]) - ROLES.indexOf(PERMISSIONS[b]),
  );
  return (
    <>
      <PageHeader title="Access" detail="Who may do what" />
      <section aria-label="Permissions by role" className="card max-w-[860px] overflow-x-auto">
        <p className="border-b border-line px-3.5 py-3">
          You are <b className="font-semibold">{identity.name}</b>,{" "}
          {identity.role ? `with the role ${identity.role}` : "without a role yet"}. Roles come from your identity
          provider or from <span className="font-mono text-xs">switchyard.yaml</span>. Each may do what the ones before
          it may.
        </p>
        <table className="w-full">
          <caption className="sr-only">What each role may do</caption>
          <thead className="text-xs text-second">
            <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5">
              <th scope="col">To do this</th>
              {ROLES.map((role) => (
                <th
                  key={role}
                  scope="col"
                  className={`w-24 text-center max-sm:w-14 max-sm:text-2xs ${role === identity.role ? "font-semibold text-ink" : ""}`}
                >
                  {role}
                  {role === identity.role ? <span className="max-sm:sr-only">, you</span> : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {permissions.map((permission) => (
              <tr
                key={permission}
                className="border-b border-line last:border-b-0 [&>*]:px-2 [&>*]:py-2 [&>*:first-child]:pl-3.5"
              >
                <th scope="row">{WORDS[permission]}</th>
                {ROLES.map((role) => (
                  <td key={role}>
                    <span className="flex justify-center">
                      {can({ role }, permission, null) ? (
                        <>
                          <StateIcon shape="done" />
                          <span className="sr-only">yes</span>
                        </>
                      ) : (
                        <span className="text-second">
                          <span aria-hidden="true">·</span>
                          <span className="sr-only">no</span>
                        </span>
                      )}
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
