"use client";

/** A few exclusive choices side by side. */
export function Segments<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="flex h-8 shrink-0 max-md:h-auto overflow-hidden rounded-control border border-faint">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={`px-3 text-sm -outline-offset-2 ${option.value === value ? "pressed bg-soft font-medium text-ink" : "text-second hover:text-ink"}`}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
