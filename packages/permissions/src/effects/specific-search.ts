/**
 * Whether a search pattern needs a specific word that is no name of secrets, so that it shows a line of a credential only by
 * chance. `.` matches every line, and `key` lines with secrets. The pattern is not run; false for patterns that are not
 * simple.
 */
export function isSpecificSearch(pattern: string, { isFixed = false } = {}): boolean {
  if (pattern.length > longestPattern) return false
  const open = isFixed ? pattern : pattern.replace(anyCharacters, '\n').replace(/\\./g, '\n')
  if (!isFixed && /[*?{[]/.test(open)) return false
  const branches = isFixed ? open.split('\n') : splitBranches(pattern, open)
  return branches.every(isOwnWord)
}

const longestPattern = 500

/** Matches parts of a regular expression that match several characters, with any repetition. */
const anyCharacters = /(\\[wsdWSDbB]|\[\^?\]?[^\]]*\]|\.)[*+?]?/g

/** Returns the alternatives of a search pattern. One with `\|`, which separates only in basic expressions, counts as empty. */
function splitBranches(pattern: string, open: string): readonly string[] {
  return pattern.includes('\\|') ? [''] : open.split('|')
}

function isOwnWord(branch: string): boolean {
  const words = branch.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []
  return words.length > 0 && !words.some((word) => ofSecrets.test(word))
}

const ofSecrets =
  /sec|tok|pass|pwd|key|cred|auth|bear|priv|cert|begin|api|url|uri|dsn|conn|postgres|mysql|mongo|redis|amqp|aws|salt|jwt|ghp|slack|stripe/
