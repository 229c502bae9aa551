/** Names of environment variables that are handled alike, and the reason. */
export type VariableGroup = {
  reason: string
  names: readonly string[]
  prefixes?: readonly string[]
  suffixes?: readonly string[]
}

/** Whether a variable belongs to one of the groups. Names are case-sensitive. */
export function isInVariableGroups(groups: readonly VariableGroup[], name: string): boolean {
  return groups.some(
    ({ names, prefixes = [], suffixes = [] }) =>
      names.includes(name) ||
      prefixes.some((prefix) => name.startsWith(prefix)) ||
      suffixes.some((suffix) => name.endsWith(suffix)),
  )
}

export function splitAtSpaces(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '))
}
