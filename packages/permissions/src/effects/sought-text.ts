/**
 * Whether a pattern of a search picks lines by a word of its own, which no secret is called by: such a search shows a line of
 * a credential by chance alone. `.` picks every line, and `key` those of secrets. No pattern is run: what is not plain
 * to see picks anything.
 */
export function picksLines(pattern: string, { isFixed = false } = {}): boolean {
  if (pattern.length > longestPattern) return false
  const open = isFixed ? pattern : pattern.replace(anyCharacters, '\n').replace(/\\./g, '\n')
  if (!isFixed && /[*?{[]/.test(open)) return false
  const branches = isFixed ? open.split('\n') : splitBranches(pattern, open)
  return branches.every(isOwnWord)
}

const longestPattern = 500

/** Atoms that take any of several characters, how often ever. */
const anyCharacters = /(\\[wsdWSDbB]|\[\^?\]?[^\]]*\]|\.)[*+?]?/g

/** In basic expressions `\|` parts branches, in all others `|` does. */
function splitBranches(pattern: string, open: string): readonly string[] {
  return pattern.includes('\\|') ? [''] : open.split('|')
}

function isOwnWord(branch: string): boolean {
  const words = branch.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []
  return words.length > 0 && !words.some((word) => ofSecrets.test(word))
}

/** Parts of the names of secrets, and of the addresses that hold them. */
const ofSecrets =
  /sec|tok|pass|pwd|key|cred|auth|bear|priv|cert|begin|api|url|uri|dsn|conn|postgres|mysql|mongo|redis|amqp|aws|salt|jwt|ghp|slack|stripe/
