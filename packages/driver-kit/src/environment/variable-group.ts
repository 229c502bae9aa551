/** Environment variables that belong together, and why. */
export type VariableGroup = {
  reason: string
  names: readonly string[]
  prefixes?: readonly string[]
  suffixes?: readonly string[]
}

/** Whether a variable belongs to one of the groups. */
export function isInGroups(groups: readonly VariableGroup[], name: string): boolean {
  return groups.some(
    ({ names, prefixes = [], suffixes = [] }) =>
      names.includes(name) ||
      prefixes.some((prefix) => name.startsWith(prefix)) ||
      suffixes.some((suffix) => name.endsWith(suffix)),
  )
}
