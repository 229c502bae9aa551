import type { SecretLintSourceCode } from '@secretlint/types'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'

type Linted = { from: number; to: number; word: string }

/**
 * The ranges that rules of secretlint report in a text, in order and without overlaps. Calls the rules directly, because
 * the core of secretlint is asynchronous and the rules are not.
 */
export function findLintedSecrets(text: string): readonly Linted[] {
  if (!signs.test(text)) return []
  const found = scans.flatMap((scan) => scan(text)).toSorted((one, other) => one.from - other.from)
  let done = 0
  return found.filter(({ from, to }) => {
    const isFree = from >= done
    if (isFree) done = to
    return isFree
  })
}

/**
 * The rules of secretlint that are used, with the text of their mask. Passwords in addresses have a form of their own here, which
 * knows every scheme and keeps the host. So have private keys, because text between two frame lines may be a command. Google's
 * rule is for binary files.
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

/** Matches texts, at least one of which stands in every match of a rule. Most texts have none, and need no search by the rules. */
const signs =
  /secret|npm_|x-oauth-basic|xox|xapp-|hooks\.slack\.com|sk-|lin_api_|SG\.|shp|gh[pousr]_|github_pat_|ops_/i

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

/** Wraps a text as a secretlint source without a file name, for which the rules search most. */
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
