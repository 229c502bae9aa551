import { contextForms } from './context-forms.js'
import { endOfToken, type SecretForm } from './form.js'
import { maskKeys } from './mask-keys.js'
import { lintedSecrets } from './linted-secrets.js'
import { tokenForms } from './token-forms.js'
import { vendorTokens } from './vendor-tokens.js'

/**
 * Puts a word in the place of each secret whose form is known, in messages, in what agents are shown of each other, in
 * logs and in the audit log. What has no form of its own stays, as hashes, ids and paths must. The time grows with the
 * length of the text.
 */
export function maskSecrets(text: string): string {
  const withoutKeys = maskKeys(text)
  const linted = lintedSecrets(withoutKeys).reduceRight(
    (masked, { from, to, word }) =>
      `${masked.slice(0, from)}[masked: ${word}]${masked.slice(endOfToken(masked, to))}`,
    withoutKeys,
  )
  return [...vendorTokens, ...tokenForms, ...contextForms].reduce(maskForm, linted)
}

function maskForm(text: string, { word, form, when }: SecretForm): string {
  const mask = word === undefined ? '[masked]' : `[masked: ${word}]`
  let masked = ''
  let done = 0
  form.lastIndex = 0
  for (let match = form.exec(text); match !== null; match = form.exec(text)) {
    const { before = '', secret = '' } = match.groups ?? {}
    if (when !== undefined && !when(secret, before)) {
      // There may be another in what this one took for its value.
      form.lastIndex = match.index + Math.max(1, before.length)
      continue
    }
    // A beginning that tells the vendor goes with what follows it.
    masked += `${text.slice(done, match.index)}${before}${mask}`
    done = endOfToken(text, form.lastIndex)
    form.lastIndex = done
  }
  return masked + text.slice(done)
}
