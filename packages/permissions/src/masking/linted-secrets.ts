import type { SecretLintSourceCode } from '@secretlint/types'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'

/** A part of a text that a rule of secretlint reports. */
type Linted = { from: number; to: number; word: string }

/**
 * What the rules of secretlint report of a text, in order and without overlaps. They are called directly, because
 * secretlint's core works through promises; a rule itself looks through a text synchronously.
 */
export function lintedSecrets(text: string): readonly Linted[] {
  const found = scans.flatMap((scan) => scan(text)).toSorted((one, other) => one.from - other.from)
  let done = 0
  return found.filter(({ from, to }) => {
    const isFree = from >= done
    if (isFree) done = to
    return isFree
  })
}

/**
 * Whose rules are used, and what is said in the place of what they find. Passwords in addresses are left to our own
 * form, which knows every scheme and leaves the host; private keys too, as between two lines that frame none there may be
 * a command. Google's are for binary files.
 */
const words: ReadonlyMap<string, string> = new Map([
  ['aws', 'AWS key'],
  ['npm', 'npm token'],
  ['slack', 'Slack token'],
  ['openai', 'API key'],
  ['anthropic', 'API key'],
  ['linear', 'API key'],
  ['sendgrid', 'SendGrid key'],
  ['shopify', 'Shopify token'],
  ['github', 'GitHub token'],
  ['1password', '1Password token'],
])

const scans = rules.flatMap((rule) => {
  const word = words.get(rule.meta.id.replace(/^.*-rule-/, ''))
  return word === undefined ? [] : [scanOf(rule, word)]
})

function scanOf({ create }: (typeof rules)[number], word: string): (text: string) => readonly Linted[] {
  let found: Linted[] = []
  const handlers = create(
    {
      sharedOptions: {},
      createTranslator: () => (id) => ({ message: word, messageId: String(id), data: undefined }),
      report: ({ range: [from, to] }) => found.push({ from, to, word }),
      ignore: () => undefined,
    },
    {},
  )
  return (text) => {
    found = []
    void handlers.file?.(sourceOf(text))
    return found
  }
}

/** A text is no file; for that, rules look for the most. */
function sourceOf(content: string): SecretLintSourceCode {
  const unused = { line: 1, column: 0 }
  return {
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    ext: '',
    contentType: 'text',
    hasBOM: false,
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    indexToPosition: () => unused,
    positionToIndex: () => 0,
    rangeToLocation: () => ({ start: unused, end: unused }),
    locationToRange: () => [0, 0],
  }
}
