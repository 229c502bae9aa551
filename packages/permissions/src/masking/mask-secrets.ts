import { secretFormsByContext } from './context-forms.js'
import { findTokenEnd, type SecretForm } from './secret-form.js'
import { maskPrivateKeys } from './mask-private-keys.js'
import { findLintedSecrets } from './linted-secrets.js'
import { secretFormsByToken, secretFormsByPrefix } from './token-forms.js'

/**
 * Replaces each secret of a known form by a mask that names its kind. For messages, views of other agents, logs and the
 * audit log. Texts without such a form stay, because hashes, ids and paths must. The time is linear in the length.
 */
export function maskSecrets(text: string): string {
  const withoutTokens = maskTokens(maskLintedSecrets(maskPrivateKeys(text)))
  return secretFormsByContext
    .filter(({ signs }) => signs === undefined || signs.test(withoutTokens))
    .reduce(maskSecretForm, withoutTokens)
}

/** Masks the secrets that rules of secretlint find. */
export function maskLintedSecrets(text: string): string {
  return findLintedSecrets(text).reduceRight(
    (masked, { from, to, word }) =>
      `${masked.slice(0, from)}[masked: ${word}]${masked.slice(findTokenEnd(masked, to))}`,
    text,
  )
}

/** Masks tokens in the runs of a text. All runs are searched together first, because most texts have no token in them. */
function maskTokens(text: string): string {
  const runs = tokenRuns(text)
  const together = runs.map(({ from, to }) => text.slice(from, to)).join('\n')
  if (runs.length === 0 || tokenForms.every(({ form }) => together.search(form) === -1)) return text
  let masked = ''
  let done = 0
  for (const { from, to } of runs) {
    masked += text.slice(done, from) + tokenForms.reduce(maskSecretForm, text.slice(from, to))
    done = to
  }
  return masked + text.slice(done)
}

/**
 * Finds the runs of those characters that tokens consist of and that their forms look at beside a token. No token is shorter,
 * and outside of such runs, in most of an ordinary text, no form of a token can match. A run may have many megabytes, for
 * which a quantifier without a limit would exceed the stack.
 */
function tokenRuns(text: string): readonly { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  runStart.lastIndex = 0
  for (let start = runStart.exec(text); start !== null; start = runStart.exec(text)) {
    runEnd.lastIndex = runStart.lastIndex
    const to = runEnd.exec(text)?.index ?? text.length
    runs.push({ from: start.index, to })
    runStart.lastIndex = to
  }
  return runs
}

const runStart = /(?<![\w+/=~.$%:?&@,\\-])[\w+/=~.$%:?&@,\\-]{15}/g
const runEnd = /[^\w+/=~.$%:?&@,\\-]/g

const tokenForms: readonly SecretForm[] = [...secretFormsByPrefix, ...secretFormsByToken]

/** Masks the matches of one form in a text. */
export function maskSecretForm(text: string, { word, form, when }: SecretForm): string {
  const mask = word === undefined ? '[masked]' : `[masked: ${word}]`
  let masked = ''
  let done = 0
  form.lastIndex = 0
  for (let match = form.exec(text); match !== null; match = form.exec(text)) {
    const { before = '', secret = '' } = match.groups ?? {}
    if (when !== undefined && !when(secret, before)) {
      // The value of this match may contain another secret.
      form.lastIndex = match.index + Math.max(1, before.length)
      continue
    }
    // The prefix of the vendor is masked too.
    masked += `${text.slice(done, match.index)}${before}${mask}`
    done = findTokenEnd(text, form.lastIndex)
    form.lastIndex = done
  }
  return masked + text.slice(done)
}
