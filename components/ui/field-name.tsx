import { useTranslations } from "#translations";
import { isOrderField } from "@/lib/domain/observation/order-field.ts";

/** A field of a task definition as AWS calls it, or that only the order of its entries is another. */
export function FieldName({ field }: { field: string }) {
  const t = useTranslations("ui");
  return isOrderField({ field }) ? t("orderOfEntries") : field;
}
