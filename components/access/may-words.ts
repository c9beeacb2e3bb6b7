import type { Translator } from "@/components/messages/translator.ts";
import { can, type Holder, type Permission } from "@/lib/domain/access/role.ts";

/** Where somebody may do something: on all applications, on the named ones, or nowhere. */
export function whereMay(holder: Holder, permission: Permission): "everywhere" | readonly string[] {
  const names = Object.keys(holder.applicationRoles ?? {}).filter((name) => can(holder, permission, name));
  // Any role lets one look, but only at what it is for.
  const isEverywhere = permission === "view" ? holder.role !== null : can(holder, permission, null);
  return isEverywhere ? "everywhere" : names.toSorted();
}

/** The same in words of a table's cell. */
export function mayWords(t: Translator<"access">, where: ReturnType<typeof whereMay>): string {
  if (where === "everywhere") return t("yes");
  const [name, other] = where;
  if (name === undefined) return t("no");
  if (other === undefined) return t("onOne", { name });
  return where.length === 2 ? t("onTwo", { name, other }) : t("onMany", { count: where.length });
}
