import { secretFormsByContext } from './context-forms.js'
import { endOfToken, type SecretForm } from './form.js'
import { maskPrivateKeys } from './mask-keys.js'
import { findLintedSecrets } from './linted-secrets.js'
import { secretFormsByToken, secretFormsByPrefix } from './token-forms.js'

/**
 * Replaces each secret of a known form by a mask that names its kind. For messages, views of other agents, logs and the
 * audit log. Texts without such a form stay, because hashes, ids and paths must. The time is linear in the length.
 */
export function maskSecrets(text: string): string {
  const withoutKeys = maskPrivateKeys(text)
  const linted = findLintedSecrets(withoutKeys).reduceRight(
    (masked, { from, to, word }) =>
      `${masked.slice(0, from)}[masked: ${word}]${masked.slice(endOfToken(masked, to))}`,
    withoutKeys,
  )
  return [...secretFormsByPrefix, ...secretFormsByToken, ...secretFormsByContext].reduce(maskForm, linted)
}

function maskForm(text: string, { word, form, when }: SecretForm): string {
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
    done = endOfToken(text, form.lastIndex)
    form.lastIndex = done
  }
  return masked + text.slice(done)
}
