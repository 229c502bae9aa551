import { parseJson } from '@subagent-mcp/contract'
import { readTextFileOrRefuse } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A command that runs the tests of a project, the file by which it was found, and the pattern of a permission rule that allows it. */
export type TestCommand = { command: string; file: string; pattern: string }

/** Finds the commands that run the tests of a project, by the files in its root. Runs nothing. */
export function findTestCommands(project: string): TestCommand[] {
  const found = finders.flatMap(({ file, commands }) => {
    const read = readTextFileOrRefuse(join(project, file))
    if (read.type !== 'text') return []
    const has = (other: string): boolean => existsSync(join(project, other))
    return commands(read.text, has).map((found) => ({ pattern: `${found.command}:*`, ...found, file }))
  })
  const isFirst = ({ command }: TestCommand, at: number): boolean =>
    found.findIndex((other) => other.command === command) === at
  return found.filter(isFirst)
}

/** A file by which test commands are found. The rule for a command allows any arguments, unless `pattern` says otherwise. */
type Finder = {
  file: string
  commands(text: string, has: (file: string) => boolean): readonly { command: string; pattern?: string }[]
}

/** The test commands are fixed texts; files of the project only decide which of them apply. */
const finders: readonly Finder[] = [
  {
    file: 'package.json',
    commands: (text, has) => {
      const { scripts, packageManager } = PackageJson.safeParse(parseJson(text)).data ?? {}
      const script = scripts?.['test']
      // `npm init` writes a `test` script that only fails.
      if (script === undefined || script.includes('no test specified')) return []
      return [{ command: packageTest(packageManager, has) }]
    },
  },
  {
    file: 'pyproject.toml',
    commands: (text, has) => {
      if (!/\bpytest\b/.test(text)) return []
      return [...pytest, ...(has('uv.lock') ? [{ command: 'uv run pytest' }] : [])]
    },
  },
  { file: 'pytest.ini', commands: () => pytest },
  { file: 'Cargo.toml', commands: () => [{ command: 'cargo test' }] },
  { file: 'go.mod', commands: () => [{ command: 'go test ./...', pattern: 'go test:*' }] },
  {
    file: 'Makefile',
    // With other arguments `make` would build other targets.
    commands: (text) =>
      /^test\s*:(?!=)/m.test(text) ? [{ command: 'make test', pattern: 'make test' }] : [],
  },
]

const pytest = [{ command: 'pytest' }, { command: 'python -m pytest' }] as const

const PackageJson = z.looseObject({
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  packageManager: z.string().optional().catch(undefined),
})

function packageTest(packageManager = '', has: (file: string) => boolean): string {
  const [named] = packageManager.split('@')
  const manager = managers.find(({ name, locks }) => name === named || (named === '' && locks.some(has)))
  return manager?.test ?? 'npm test'
}

const managers = [
  { name: 'pnpm', locks: ['pnpm-lock.yaml'], test: 'pnpm test' },
  { name: 'yarn', locks: ['yarn.lock'], test: 'yarn test' },
  { name: 'bun', locks: ['bun.lock', 'bun.lockb'], test: 'bun run test' },
]
