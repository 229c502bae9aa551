import { matchesGlob } from '@subagent-mcp/permissions'
import { basename } from 'node:path/posix'

/** Names of files that configure tests, linters, compilers and build tools, so that a change of them changes what a gate checks. */
const configurationNames = `
  Makefile GNUmakefile makefile justfile Justfile Taskfile.y*ml Rakefile noxfile.py pytest.ini tox.ini
  setup.cfg conftest.py .coveragerc pyproject.toml ruff.toml mypy.ini jest.config.* jest.setup.*
  vitest.config.* vitest.workspace.* vitest.setup.* vite.config.* karma.conf.* playwright.config.*
  cypress.config.* .mocharc* ava.config.* babel.config.* .eslintrc* eslint.config.* .oxlintrc*
  biome.json* .prettierrc* tsconfig*.json turbo.json nx.json .npmrc .yarnrc* build.gradle*
  settings.gradle* pom.xml .golangci.* phpunit.xml* .rspec rustfmt.toml clippy.toml .gitattributes
  .gitignore
`
  .trim()
  .split(/\s+/)

/** Keys of a `package.json` whose change does not change what a gate checks. */
const harmlessKeys = 'dependencies devDependencies peerDependencies optionalDependencies version'.split(' ')

/** Returns a file's text before and after the agent's work; undefined where it is missing. */
export type BeforeAndAfterTextReader = (
  path: string,
) => Promise<{ before?: string | undefined; after?: string | undefined }>

/**
 * Returns those of the changed files that decide what the gates check: files that a command names, configuration of tests and
 * build tools, and a `package.json` with more than other dependencies or another version. Paths are relative to the root, those
 * in commands to `folder`, which is relative to the root too. New tests are not among them.
 */
export async function findChangedGateFiles(
  changed: readonly string[],
  {
    commands,
    folder,
    readTexts,
  }: { commands: readonly string[]; folder: string; readTexts: BeforeAndAfterTextReader },
): Promise<readonly string[]> {
  const named = new Set(commands.flatMap((command) => pathsIn(command).map((path) => joined(folder, path))))
  const found = await Promise.all(
    changed.map(async (path) => {
      const name = basename(path)
      if (named.has(path) || configurationNames.some((pattern) => matchesGlob(pattern, name))) return [path]
      return name === 'package.json' && (await changesScripts(path, readTexts)) ? [path] : []
    }),
  )
  return found.flat()
}

/** The words of a command that may be paths, without a test's name after `::`. */
function pathsIn(command: string): readonly string[] {
  const words = command.split(/[\s;&|()<>"'`=]+/)
  return words
    .map((word) => word.replace(/::.*$/, '').replace(/^(?:\.\/)+/, ''))
    .filter((word) => word !== '')
}

function joined(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`
}

async function changesScripts(path: string, readTexts: BeforeAndAfterTextReader): Promise<boolean> {
  const { before, after } = await readTexts(path)
  const [one, other] = [withoutDependencies(before), withoutDependencies(after)]
  return one === undefined || other === undefined || one !== other
}

/** The rest of a `package.json` as one text, with sorted keys; undefined if it is no JSON object. */
function withoutDependencies(text: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const rest = Object.entries(value).filter(([key]) => !harmlessKeys.includes(key))
    return JSON.stringify(rest.toSorted(([one], [other]) => (one < other ? -1 : 1)))
  } catch {
    // A file with broken JSON may mean anything to the tools that read it.
    return undefined
  }
}

/** Compares the changed files with `accept.files`. Paths and globs are relative to the agent's folder; others begin with `../`. */
export function checkChangedFiles(
  changed: readonly string[],
  { only, must = [] }: { only?: readonly string[]; must?: readonly string[] },
): { outside: readonly string[]; missed: readonly string[] } {
  return {
    outside: only ? changed.filter((path) => !only.some((glob) => fits(glob, path))) : [],
    missed: must.filter((glob) => !changed.some((path) => fits(glob, path))),
  }
}

/** Whether a path fits a glob, or is in a folder that fits the glob. A path outside of the agent's folder fits none. */
function fits(glob: string, path: string): boolean {
  if (path.startsWith('../')) return false
  const pattern = glob.replace(/^\.\//, '').replace(/\/+$/, '')
  return matchesGlob(pattern, path) || matchesGlob(`${pattern}/**`, path)
}
