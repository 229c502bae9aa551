import { firstThatFits } from './glob.js'
import { foldedPath, isBelow, type CallPlace } from './place.js'
import table from './credential-places.json' with { type: 'json' }
import { exampleNames, pathExpression } from './name-patterns.js'

const patterns = table.places.flatMap(({ files }) => files)
const ofHomes = patterns.filter((pattern) => pattern.startsWith('~/')).map((pattern) => pattern.slice(1))
const elsewhere = patterns.filter((pattern) => !pattern.startsWith('~/'))

const belowAHome = pathExpression(ofHomes)
const anywhere = pathExpression(elsewhere)
const readable = pathExpression(table.readable.files)

/** Whether a file holds what is secret, or a folder is there for nothing else. */
export function isCredential(path: string, place: CallPlace): boolean {
  const text = asNamed(path)
  if (isOwnSecret(foldedPath(path), place)) return true
  const plain = undecorated(text)
  if (readable.test(plain)) return inSecretFolder.test(text)
  return [text, plain].some(
    (name) => anywhere.test(name) || homesAround(name, place).some((below) => belowAHome.test(below)),
  )
}

/** What is in a folder of secrets stays secret, whatever its name. */
const inSecretFolder = pathExpression(elsewhere.filter((pattern) => pattern.endsWith('/')))

/** Whether a search through a folder comes past credentials: it holds a home, or some of their places in one. */
export function holdsCredentials(path: string, place: CallPlace): boolean {
  const { home, ownHome } = place
  if (isBelow(home, path) || (ownHome !== undefined && isBelow(ownHome, path))) return true
  const text = asNamed(path)
  return text === '/' || holding.has(text) || homesAround(text, place).some((below) => holding.has(below))
}

/** The folders above the places of the table; a home itself is the empty text. */
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

/** What a path is below the homes that it is in: ours, and that of anybody else on this machine. */
function homesAround(text: string, { home }: CallPlace): string[] {
  const own = foldedPath(home)
  const ours = text === own || isBelow(text, own) ? [text.slice(own.length)] : []
  const [, others] =
    /^(?:.*\/(?:home|users|documents and settings)\/[^/]+|\/root|\/var\/root)(|\/.*)$/s.exec(text) ?? []
  return others === undefined ? ours : [...ours, others]
}

/** As a file system may know it: `HEAD:.env` of git is `.env`, and Windows has other slashes. */
function asNamed(path: string): string {
  const text = foldedPath(path).replaceAll(':', '/')
  return /\/[a-z]\/\\|\\\\/.test(text) ? text.replaceAll('\\', '/') : text
}

/** The name without what editors, copies and archives add to it: of `.env.bak~` that is `.env`. */
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

/** Where our own settings are, and the key to the daemon. Answers that are too long for a report are there to be read. */
function isOwnSecret(text: string, { home, ownHome }: CallPlace): boolean {
  const ours = [`${home}/.subagent-mcp`, ...(ownHome === undefined ? [] : [ownHome])].map(foldedPath)
  return ours.some((own) => (text === own || isBelow(text, own)) && !isBelow(text, `${own}/answers`))
}

/**
 * The name of a credential that a pattern speaks of: of `**\/.e?v` that is `.env`. A pattern that takes ordinary names as
 * well speaks of none: what it takes is seen by the files that are there.
 */
export function namedCredential(glob: string): string | undefined {
  for (const part of glob.split('/')) {
    const open = openName(part)
    // `*token*` looks for a word in names of any kind.
    if (!/[*?]/.test(open) || /^\*[^.*?]*\*$/.test(open) || firstThatFits(open, ordinary) !== undefined)
      continue
    const example = firstThatFits(open, examples)
    if (example !== undefined) return example
  }
  return undefined
}

/**
 * Whether the files that a name or pattern takes may be credentials, in whatever folder. Patterns for files of data, as
 * `*.json`, count as any search through a folder does.
 */
export function mayTakeCredential(glob: string): boolean {
  const open = openName(glob.slice(glob.lastIndexOf('/') + 1))
  return firstThatFits(open, telling) !== undefined || anywhere.test(undecorated(asNamed(open)))
}

/** Whether a credential may have a name that ends so, as in `*.json`. */
export function mayEndCredential(end: string): boolean {
  return end === '' || examples.some((example) => example.endsWith(end))
}

/** A pattern without brackets and escapes. What brackets take is not worked out: they count as any character. */
export function openName(glob: string): string {
  return foldedPath(glob)
    .replace(/\\(.)/gs, '$1')
    .replace(/\[[!^]?\]?[^\]]*\]/g, '?')
}

const examples = elsewhere
  .filter((pattern) => !pattern.slice(0, -1).includes('/'))
  .flatMap((pattern) => exampleNames(pattern.replace(/\/$/, '')))

const telling = examples.filter(
  (name) => !/\.(json|ya?ml|toml|txt|ini|xml|csv|properties|db|sh|js|enc)$/.test(name),
)

/** Names that searches of every day are for. */
const ordinary = [
  ...[
    'index.ts',
    'main.js',
    'app.py',
    'run.sh',
    'package.json',
    'readme.md',
    'config.yml',
    'config.yaml',
    'src',
  ],
  ...[
    'cargo.toml',
    'notes.txt',
    'pom.xml',
    'app.properties',
    'setup.cfg',
    'tox.ini',
    'data.csv',
    'app.db',
    'b',
  ],
  ...[
    '.gitignore',
    '.editorconfig',
    '.eslintrc.json',
    'makefile',
    'a.enc',
    'settings.local',
    'tsconfig.json',
  ],
  ...['schema.json', 'composer.json', 'server.json'],
]
