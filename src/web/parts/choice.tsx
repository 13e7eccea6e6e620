interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  /** Shows the label beside it; otherwise only a screen reader says it. */
  readonly isCaptioned?: boolean
  onChange(value: T): void
}

/** A drop-down of few values. */
export function Choice<T extends string>({ label, value, options, isCaptioned = false, onChange }: ChoiceProps<T>) {
  const select = (
    <select
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as T)}
    >
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  )
  if (!isCaptioned) return select
  return (
    <span class="captioned">
      {label} {select}
    </span>
  )
}
