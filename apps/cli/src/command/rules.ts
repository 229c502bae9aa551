/** What holds between the flags and arguments of a command, by their names in its declaration. */
export type Rule<Name extends string> =
  | { type: 'needs'; name: Name; anyOf: readonly Name[] }
  | { type: 'excludes'; name: Name; others: readonly Name[]; why?: string }
  | { type: 'one-of'; names: readonly Name[] }

/** The flag is refused unless one of the others is given. */
export function needs<const Name extends string>(name: Name, ...anyOf: readonly Name[]): Rule<Name> {
  return { type: 'needs', name, anyOf }
}

/** The flag is refused beside any of the others. */
export function excludes<const Name extends string>(
  name: Name,
  others: readonly Name[],
  why?: string,
): Rule<Name> {
  return { type: 'excludes', name, others, ...(why !== undefined && { why }) }
}

/** At least one of these must be given. */
export function oneOf<const Name extends string>(...names: readonly Name[]): Rule<Name> {
  return { type: 'one-of', names }
}

/** What is wrong with the names that are given; `undefined` when nothing is. `show` writes a name as the user types it. */
export function brokenRule(
  rules: readonly Rule<string>[],
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
