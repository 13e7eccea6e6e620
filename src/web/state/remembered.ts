/** A choice kept in this browser, when it is one of those that exist. */
export function remembered<T extends string>(name: string, choices: readonly T[]): T | null {
  try {
    const value = localStorage.getItem(`plumbline.${name}`)
    return choices.find((choice) => choice === value) ?? null
  } catch {
    // Storage may be switched off: then nothing is remembered.
    return null
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`plumbline.${name}`, value)
  } catch {
    // As above.
  }
}
