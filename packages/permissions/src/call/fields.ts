/** A field of something that a CLI said. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  const found: unknown = Reflect.get(value, name)
  return found
}

/** A field that is text. */
export function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name)
  return typeof found === 'string' ? found : undefined
}

/** Those of the fields that are text. */
export function textFields(value: unknown, ...names: readonly string[]): string[] {
  return names.flatMap((name) => textField(value, name) ?? [])
}
