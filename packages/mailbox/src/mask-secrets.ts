/**
 * Puts a word in the place of each secret whose form is known: messages are stored, and read by models. What has no form
 * of its own stays, as hashes, ids and paths must.
 */
export function maskSecrets(text: string): string {
  return kinds.reduce((masked, { form, word }) => masked.replaceAll(form, word), text)
}

/** The end of a name of a thing that is secret, as in an assignment. */
const secretName =
  '(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?'

/** A value that is long and has letters and digits: no word; and no expression or path that only leads to one. */
const secretValue = [
  String.raw`(?!process\.env|os\.environ|import\.meta|[\w.]{1,100}[([]|~?\/[a-z]{2,20}\/)`,
  String.raw`(?=[^\s"'\x60,;&]{0,200}\d)(?=[^\s"'\x60,;&]{0,200}[A-Za-z])`,
  String.raw`[^\s"'\x60,;&$<{(\[][^\s"'\x60,;&]{11,}`,
].join('')

/** The parts in `$1` and so on stay: by them a reader knows what was there. Bounds keep a text of any kind from costing more than its length. */
const kinds: readonly { form: RegExp; word: string }[] = [
  {
    form: /-----BEGIN ([A-Z ]*)PRIVATE KEY( BLOCK)?-----[\s\S]*?(?:-----END \1PRIVATE KEY\2-----|$)/g,
    word: '[masked: private key]',
  },
  { form: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, word: '[masked: AWS key]' },
  { form: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/g, word: '[masked: GitHub token]' },
  { form: /\bglpat-[\w-]{20,}/g, word: '[masked: GitLab token]' },
  // A digit in it: a name such as sk-learn-compatible-estimators has none.
  { form: /\bsk-(?=[\w-]{0,200}\d)[\w-]{20,}/g, word: '[masked: API key]' },
  { form: /\bsk_(?:live|test)_[A-Za-z0-9]{16,}/g, word: '[masked: API key]' },
  { form: /\bxox[abeoprs]-[\w-]{10,}/g, word: '[masked: Slack token]' },
  { form: /\bAIza[\w-]{35}/g, word: '[masked: Google key]' },
  { form: /\bnpm_[A-Za-z0-9]{36}\b/g, word: '[masked: npm token]' },
  { form: /\bS[ACOUNPX][A-Z2-7]{56}\b/g, word: '[masked: NATS seed]' },
  {
    form: /\b(?:hf_|dckr_pat_|whsec_|rk_(?:live|test)_|xapp-)(?=[\w-]{0,200}\d)[\w-]{20,}/g,
    word: '[masked: token]',
  },
  { form: /(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]*/g, word: '[masked: JWT]' },
  { form: /\b(Bearer|Basic) +(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{16,}=*/gi, word: '$1 [masked]' },
  { form: /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/gi, word: '$1:[masked]@' },
  {
    form: new RegExp(String.raw`(${secretName}\\*["']?\s*(?:=>?|:=?)\s*\\*["'\x60]?)${secretValue}`, 'gi'),
    word: '$1[masked]',
  },
]
