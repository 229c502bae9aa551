/** A condition between options and arguments of a command line, such as two options that exclude each other. */
export type ArgsRule<Name extends string> =
  | { type: 'needs'; name: Name; anyOf: readonly Name[] }
  | { type: 'excludes'; name: Name; others: readonly Name[]; why?: string }
  | { type: 'one-of'; names: readonly Name[] }

/** A rule that refuses a command line with option `name` but none of `anyOf`. */
export function createFlagNeedsRule<const Name extends string>(
  name: Name,
  ...anyOf: readonly Name[]
): ArgsRule<Name> {
  return { type: 'needs', name, anyOf }
}

/** A rule that refuses a command line with option `name` and one of `others`. The error ends with `why`. */
export function createFlagExcludesRule<const Name extends string>(
  name: Name,
  others: readonly Name[],
  why?: string,
): ArgsRule<Name> {
  return { type: 'excludes', name, others, ...(why !== undefined && { why }) }
}

/** A rule that refuses a command line without any of these options and arguments. */
export function createAtLeastOneArgRule<const Name extends string>(
  ...names: readonly Name[]
): ArgsRule<Name> {
  return { type: 'one-of', names }
}

/** Describes the first rule that the given options break; `undefined` if they break none. `show` returns a name as the user types it. */
export function describeBrokenArgsRule(
  rules: readonly ArgsRule<string>[],
  isGiven: (name: string) => boolean,
  show: (name: string) => string,
): string | undefined {
  for (const rule of rules) {
    if (rule.type === 'one-of') {
      if (!rule.names.some(isGiven)) return `${rule.names.map(show).join(' or ')} is missing`
    } else if (!isGiven(rule.name)) continue
    else if (rule.type === 'needs') {
      if (!rule.anyOf.some(isGiven)) return `${show(rule.name)} needs ${rule.anyOf.map(show).join(' or ')}`
    } else {
      const other = rule.others.find(isGiven)
      const why = rule.why === undefined ? '' : `: ${rule.why}`
      if (other !== undefined) return `${show(rule.name)} cannot be combined with ${show(other)}${why}`
    }
  }
  return undefined
}
