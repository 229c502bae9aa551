/** Whether git prints settings that may contain a password, a header or a token. `words` are those after `git`. */
export function gitCommandShowsSecrets(words: readonly string[]): boolean {
  const at = verbAt(words)
  const verb = words[at] ?? ''
  if (verb.startsWith('credential') || verb === 'var') return true
  return verb === 'config' && !keepsToHarmless(words.slice(at + 1))
}

/** The index of git's verb. Options of git itself come before it, some with a value in the next word. */
function verbAt(words: readonly string[]): number {
  const at = words.findIndex(
    (word, index) =>
      !word.startsWith('-') &&
      !/^(-[cC]|--(git-dir|work-tree|namespace|super-prefix|config-env))$/.test(words[index - 1] ?? ''),
  )
  return at < 0 ? words.length : at
}

/** Whether `git config` shows one setting that contains no secret, or writes one. */
function keepsToHarmless(words: readonly string[]): boolean {
  if (!words.every((word) => !word.startsWith('-') || plainOption.test(word))) return false
  const said = words.filter((word) => !word.startsWith('-'))
  const [first = '', ...rest] = said
  if (/^(set|unset)$/.test(first)) return true
  const isReading = first === 'get' || words.some((word) => word.startsWith('--get'))
  const [key = '', ...more] = first === 'get' ? rest : said
  if (!isReading && more.length > 0) return true
  return more.length === 0 && harmlessSetting.test(key)
}

const plainOption =
  /^(--(get|get-all|all|global|local|system|worktree|show-origin|show-scope|name-only|null|bool|int|path|includes|no-includes|add|unset|unset-all|replace-all|type=[a-z-]+)|-z)$/

/** Settings of git that contain no secret. */
const harmlessSetting = new RegExp(
  `^(${[
    'user\\.(name|email|signingkey)|(author|committer)\\.(name|email)|remote\\.[^\\n]+\\.(url|fetch|push|mirror|prune)',
    '(core|init|branch|push|pull|merge|rebase|diff|color|commit|tag|fetch|gpg|format|log|status|pager|help|advice|feature|index',
    'gc|pack|i18n|extensions|maintenance|rerere|safe|stash|receive|transfer|worktree|interactive|blame|am|apply|column|clean',
    'checkout|difftool|mergetool|grep|submodule|lfs|clone|versionsort|repack|sequence|notes|show|web)\\.[^\\n]+',
  ].join('|')})$`,
  'i',
)
