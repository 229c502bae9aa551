import { findFirstGlobMatch } from './glob.js'
import { foldPathCase, isBelowFolder, type ToolCallContext } from './tool-call-context.js'
import table from './credential-places.json' with { type: 'json' }
import { createExampleFileNames, createPathRegExp } from './file-name-patterns.js'

const patterns = table.places.flatMap(({ files }) => files)
const ofHomes = patterns.filter((pattern) => pattern.startsWith('~/')).map((pattern) => pattern.slice(1))
const elsewhere = patterns.filter((pattern) => !pattern.startsWith('~/'))

const belowAHome = createPathRegExp(ofHomes)
const anywhere = createPathRegExp(elsewhere)
const readable = createPathRegExp(table.readable.files)

export function isCredentialFile(path: string, place: ToolCallContext): boolean {
  const text = asNamed(path)
  if (isOwnSecret(foldPathCase(path), place)) return true
  const plain = undecorated(text)
  if (readable.test(plain)) return inSecretFolder.test(text)
  return [text, plain].some(
    (name) => anywhere.test(name) || homesAround(name, place).some((below) => belowAHome.test(below)),
  )
}

/** Matches paths in folders for secrets, where files are secret under any name. */
const inSecretFolder = createPathRegExp(elsewhere.filter((pattern) => pattern.endsWith('/')))

/** Whether a search through a folder would read credentials, because it contains a home or a known place of credentials. */
export function folderHoldsCredentials(path: string, place: ToolCallContext): boolean {
  const { home, ownHome = home, secretFiles = [] } = place
  if ([home, ownHome, ...secretFiles].some((secret) => isBelowFolder(secret, path))) return true
  const text = asNamed(path)
  return text === '/' || holding.has(text) || homesAround(text, place).some((below) => holding.has(below))
}

/** The folders that contain places of the table, relative to a home; the home itself is the empty text. */
const holding: ReadonlySet<string> = new Set([
  '',
  ...patterns
    .filter((pattern) => /.\/./s.test(pattern))
    .flatMap((pattern) => foldersAbove(pattern.replace(/^~?(?!\/)/, '/').replace(/^~/, ''))),
])

function foldersAbove(pattern: string): string[] {
  const names = pattern.toLowerCase().replace(/\/$/, '').split('/')
  const above = names.slice(0, -1).map((_, at) => names.slice(0, at + 1).join('/'))
  return above.filter((folder) => folder !== '' && !/[*?{[]/.test(folder))
}

/** A path relative to each home that contains it: the user's, and those of other users. */
function homesAround(text: string, { home }: ToolCallContext): string[] {
  const own = foldPathCase(home)
  const ours = text === own || isBelowFolder(text, own) ? [text.slice(own.length)] : []
  const [, others] =
    /^(?:.*\/(?:home|users|documents and settings)\/[^/]+|\/root|\/var\/root)(|\/.*)$/s.exec(text) ?? []
  return others === undefined ? ours : [...ours, others]
}

/** Normalizes a path to compare it with credentials: git's `HEAD:.env` is `.env`, and backslashes become slashes. */
function asNamed(path: string): string {
  const text = foldPathCase(path).replaceAll(':', '/')
  return /\/[a-z]\/\\|\\\\/.test(text) ? text.replaceAll('\\', '/') : text
}

/** Removes suffixes of editors, copies and archives from a name: `.env.bak~` becomes `.env`. */
function undecorated(path: string): string {
  const at = path.lastIndexOf('/') + 1
  let name = path.slice(at)
  for (let before = ''; name !== before;) {
    before = name
    name = name.replace(decoration, '')
    if (/\.sw[a-p]$/.test(name)) name = name.replace(/^\./, '').slice(0, -4)
  }
  return path.slice(0, at) + name
}

const decoration =
  /^(\.?#|%|~\$)+|([~#%]|[ ._-]+(bak|old|orig|original|save|saved|backup|copy|tmp|temp|new|prev|disabled)|\.(gz|zip|xz|bz2|zst|tar|tgz|7z|b64|base64|txt|\d{1,8})| ?\(\d+\)|[. ]+)$/

/** Whether a path is a secret file of this user: one that the place names, or a file of subagent-mcp with settings or the daemon's key. Its saved answers are not secret. */
function isOwnSecret(text: string, { home, ownHome, secretFiles = [] }: ToolCallContext): boolean {
  if (secretFiles.some((file) => foldPathCase(file) === text)) return true
  const ours = [`${home}/.subagent-mcp`, ...(ownHome === undefined ? [] : [ownHome])].map(foldPathCase)
  return ours.some(
    (own) => (text === own || isBelowFolder(text, own)) && !isBelowFolder(text, `${own}/answers`),
  )
}

/**
 * The name of a credential that a pattern is meant for: `.env` for `**\/.e?v`. Undefined for a pattern that also matches
 * ordinary names; for it the files that exist are checked.
 */
export function findCredentialForPattern(glob: string): string | undefined {
  for (const part of glob.split('/')) {
    const open = normalizeFilePattern(part)
    // `*token*` looks for a word in names of any kind.
    if (!/[*?]/.test(open) || /^\*[^.*?]*\*$/.test(open) || findFirstGlobMatch(open, ordinary) !== undefined)
      continue
    const example = findFirstGlobMatch(open, examples)
    if (example !== undefined) return example
  }
  return undefined
}

/**
 * Whether files that a name or pattern matches may be credentials, in any folder. Patterns for data files, such as `*.json`,
 * do not count.
 */
export function patternMayMatchCredential(glob: string): boolean {
  const open = normalizeFilePattern(glob.slice(glob.lastIndexOf('/') + 1))
  return findFirstGlobMatch(open, telling) !== undefined || anywhere.test(undecorated(asNamed(open)))
}

/** Whether the name of a credential may end with this text, as for the pattern `*.json`. */
export function mayEndCredentialName(end: string): boolean {
  return end === '' || examples.some((example) => example.endsWith(end))
}

/** Normalizes a file pattern: removes escapes, and replaces brackets by `?`. */
export function normalizeFilePattern(glob: string): string {
  return foldPathCase(glob)
    .replace(/\\(.)/gs, '$1')
    .replace(/\[[!^]?\]?[^\]]*\]/g, '?')
}

const examples = elsewhere
  .filter((pattern) => !pattern.slice(0, -1).includes('/'))
  .flatMap((pattern) => createExampleFileNames(pattern.replace(/\/$/, '')))

const telling = examples.filter(
  (name) => !/\.(json|ya?ml|toml|txt|ini|xml|csv|properties|db|sh|js|enc)$/.test(name),
)

/** Ordinary file names, for which people search every day. */
const ordinary = [
  'index.ts main.js app.py run.sh package.json readme.md config.yml config.yaml src cargo.toml',
  'notes.txt pom.xml app.properties setup.cfg tox.ini data.csv app.db b .gitignore .editorconfig',
  '.eslintrc.json makefile a.enc settings.local tsconfig.json schema.json composer.json server.json',
].flatMap((names) => names.split(' '))
