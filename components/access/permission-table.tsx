import { useTranslations } from "#translations";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { can, type Holder, PERMISSIONS, type Permission, ROLES } from "@/lib/domain/access/role.ts";
import { mayWords, whereMay } from "./may-words.ts";

/** Every permission: whether the person who looks has it and where, and which roles have it. */
export function PermissionTable({ holder }: { holder: Holder }) {
  const t = useTranslations("access");
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).toSorted(
    (a, b) => ROLES.indexOf(PERMISSIONS[a]) - ROLES.indexOf(PERMISSIONS[b]),
  );
  return (
    <section aria-labelledby="permissions" className="card min-w-0">
      <h2 id="permissions" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        {t("permissions")}
      </h2>
      <table className="w-full">
        <caption className="sr-only">{t("permissionsCaption")}</caption>
        <thead className="text-xs text-second">
          <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5">
            <th scope="col">{t("column.do")}</th>
            <th scope="col">{t("column.you")}</th>
            {ROLES.map((role) => (
              <th
                key={role}
                scope="col"
                className={`w-20 text-center max-sm:hidden ${role === holder.role ? "font-semibold text-ink" : ""}`}
              >
                {role}
              </th>
            ))}
            <th scope="col" className="sm:hidden">
              {t("column.from")}
            </th>
          </tr>
        </thead>
        <tbody>
          {permissions.map((permission) => (
            <tr
              key={permission}
              className="border-b border-line last:border-b-0 [&>*]:px-2 [&>*]:py-1.5 [&>*:first-child]:pl-3.5"
            >
              <th scope="row">{t(`may.${permission}`)}</th>
              <Mine holder={holder} permission={permission} />
              {ROLES.map((role) => (
                <td key={role} className="max-sm:hidden">
                  <span className="flex justify-center">
                    {can({ role }, permission, null) ? (
                      <>
                        <StateIcon shape="done" />
                        <span className="sr-only">{t("yes")}</span>
                      </>
                    ) : (
                      <span className="text-second">
                        <span aria-hidden="true">·</span>
                        <span className="sr-only">{t("no")}</span>
                      </span>
                    )}
                  </span>
                </td>
              ))}
              <td className="text-xs text-second sm:hidden">{PERMISSIONS[permission]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Mine({ holder, permission }: { holder: Holder; permission: Permission }) {
  const t = useTranslations("access");
  const where = whereMay(holder, permission);
  const isNowhere = where !== "everywhere" && where.length === 0;
  return (
    <td
      className={`text-xs ${isNowhere ? "text-second" : "font-medium"}`}
      title={where === "everywhere" || where.length <= 2 ? undefined : where.join(", ")}
    >
      {mayWords(t, where)}
    </td>
  );
}
