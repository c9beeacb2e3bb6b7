import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { DELIVERY_STATES } from "@/lib/domain/notification/notification.ts";

/** A plain form: the address carries the filter, so it can be sent to somebody. */
export function DeliveryFilters({ choice }: { choice: { application: string; state: string } }) {
  const t = useTranslations("deliveries");
  return (
    <>
      <input
        data-filter
        name="application"
        aria-label={t("application")}
        placeholder={t("application")}
        defaultValue={choice.application}
        className="field w-40 max-sm:flex-1"
      />
      <select name="state" aria-label={t("state")} defaultValue={choice.state} className="field w-36 max-sm:flex-1">
        <option value="">{t("everyState")}</option>
        {DELIVERY_STATES.map((state) => (
          <option key={state} value={state}>
            {t("stateIs", { state })}
          </option>
        ))}
      </select>
      <Button type="submit">{t("filter")}</Button>
    </>
  );
}
