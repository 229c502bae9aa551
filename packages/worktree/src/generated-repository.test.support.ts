import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { filesBelow, openTestRepository, type TestRepository } from './repositories.test.support.js'

/** Numbers of a seed: each call returns an integer below `limit`. */
export type RandomNumbers = (limit: number) => number

export function randomNumbersOf(seed: number): RandomNumbers {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    const next = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((next ^ (next >>> 14)) >>> 0) % limit
  }
}

const names = [
  'a.txt',
  'b.md',
  'sub/c.txt',
  'sub/deep/d.bin',
  'x y.txt',
  'é ü.txt',
  '日本.txt',
  '-p',
  'quote".i',
  'line\nbreak',
  'e.lfs',
  'UPPER.TXT',
]

function contentOf(chance: RandomNumbers): Buffer {
  const lines = Array.from({ length: chance(12) }, () => `line ${chance(5)} $Id$`)
  const kinds = [
    () => Buffer.from(`${lines.join('\n')}\n`),
    () => Buffer.from(`${lines.join('\r\n')}\r\n`),
    () => Buffer.from(lines.join('\r\n') + '\n\n'),
    () => Buffer.from(Array.from({ length: chance(50) }, () => chance(256))),
    () => Buffer.from(''),
    () =>
      Buffer.from(
        `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${chance(99)}\n`,
      ),
  ]
  return (kinds[chance(kinds.length)] ?? contentOf)(chance)
}

/** A generated repository: the checkout to work in, the file that something leaves that must not run, and what git cannot hold. */
export type GeneratedRepository = TestRepository & {
  checkout: string
  marker: string
  left: readonly string[]
}

/** Generates a repository with a mixture of everything that git allows and users have. */
export function generateRepository(chance: RandomNumbers): GeneratedRepository {
  const repository = openTestRepository()
  const { home, root, git, gitIn, commit } = repository
  const marker = join(home, 'marker')
  const crlf = ['true', 'input', 'false'][chance(5)]
  if (crlf !== undefined) git('config', 'core.autocrlf', crlf)
  const attributes = [
    '* text=auto',
    '*.txt eol=crlf',
    '*.bin filter=mark',
    '*.i ident',
    '*.lfs filter=lfs diff=lfs -text',
  ]
  commit({
    '.gitattributes': `${attributes.filter(() => chance(3) === 0).join('\n')}\n`,
    '.gitignore': 'ignored/\n*.log\n',
  })
  change(root, chance, 10)
  commit({ 'kept.txt': 'kept\n' })
  const checkout = chance(4) === 0 ? join(home, 'linked') : root
  if (checkout !== root) git('worktree', 'add', '--quiet', '-b', 'linked', checkout)
  const left = addUnusual({ ...repository, checkout }, chance)
  change(checkout, chance, 6)
  if (chance(2) === 0) gitIn(checkout, 'add', '--all', '--sparse', '--', ':!nested')
  change(checkout, chance, 4)
  if (chance(4) === 0) gitIn(checkout, 'update-index', '--assume-unchanged', 'kept.txt')
  if (chance(3) === 0 && existsSync(join(checkout, 'kept.txt')))
    writeFileSync(join(checkout, 'kept.txt'), 'changed\r\n')
  mkdirSync(join(checkout, 'ignored'))
  writeFileSync(join(checkout, 'ignored/x'), 'ignored\n')
  writeFileSync(join(checkout, 'x.log'), 'ignored\n')
  leaveMarks(repository, marker)
  return { ...repository, checkout, marker, left }
}

/** Adds a submodule, a sparse checkout, a repository inside and an empty folder, each by chance. Returns what git cannot hold. */
function addUnusual(
  { checkout, gitIn }: TestRepository & { checkout: string },
  chance: RandomNumbers,
): string[] {
  const left: string[] = []
  if (chance(4) === 0) {
    gitIn(checkout, 'init', '--quiet', 'module')
    writeFileSync(join(checkout, 'module/inner.txt'), 'inner\n')
    gitIn(join(checkout, 'module'), 'add', '--all')
    gitIn(join(checkout, 'module'), 'commit', '--quiet', '--message', 'inner')
    gitIn(checkout, 'add', 'module')
    if (chance(2) === 0) writeFileSync(join(checkout, 'module/inner.txt'), 'changed\n')
    left.push('module/ (a submodule, whose files stay behind)')
  }
  if (chance(4) === 0) gitIn(checkout, 'sparse-checkout', 'set', '--no-cone', '/*', '!/sub/')
  if (chance(3) === 0) {
    gitIn(checkout, 'init', '--quiet', 'nested')
    writeFileSync(join(checkout, 'nested/inner.txt'), 'inner\n')
    left.push('nested/ (a git repository of its own)')
  }
  if (chance(3) === 0) {
    mkdirSync(join(checkout, 'void'))
    left.push('void/ (an empty folder)')
  }
  return left
}

/** Makes hooks, filters and a file system monitor that leave a mark. */
function leaveMarks({ root, git }: TestRepository, marker: string): void {
  const touch = `touch '${marker}'; cat`
  for (const name of [
    'post-checkout',
    'pre-commit',
    'post-commit',
    'post-index-change',
    'reference-transaction',
  ]) {
    mkdirSync(join(root, '.git/hooks'), { recursive: true })
    writeFileSync(join(root, '.git/hooks', name), `#!/bin/sh\ntouch '${marker}'\n`)
    chmodSync(join(root, '.git/hooks', name), 0o755)
  }
  for (const filter of ['mark', 'lfs'])
    for (const kind of ['clean', 'smudge']) git('config', `filter.${filter}.${kind}`, touch)
  git('config', 'core.fsmonitor', join(root, '.git/hooks/post-commit'))
}

/** Changes files at random: writes, deletes, renames, makes links, changes modes. */
export function change(root: string, chance: RandomNumbers, times: number): void {
  for (let time = 0; time < times; time += 1) {
    const path = join(root, names[chance(names.length)] ?? '')
    const isThere = Object.hasOwn(filesBelow(root), path.slice(root.length + 1))
    const kind = chance(8)
    if (!isThere || kind < 3) {
      rmSync(path, { recursive: true, force: true })
      mkdirSync(dirname(path), { recursive: true })
      if (kind === 1) symlinkSync(['a.txt', 'missing', 'sub'][chance(3)] ?? '', path)
      else writeFileSync(path, contentOf(chance))
    } else if (kind === 3) rmSync(path)
    else if (kind === 4) renameSync(path, join(root, `renamed ${chance(3)}.txt`))
    else if (!lstatSync(path).isFile()) rmSync(path)
    else if (kind === 5) chmodSync(path, 0o755)
    else writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('more\n')]))
  }
}
