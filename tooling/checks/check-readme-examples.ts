import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CheckResult } from './check.js'
import { readWorkspace } from './workspace.js'

/** READMEs whose examples do not compile yet, each with the reason. A README whose examples compile must be removed here. */
const notCompiling: Readonly<Record<string, string>> = {
  'packages/mcp-server/README.md': 'its port needs a supervisor, see core',
}

/** Type-checks the TypeScript blocks of each package's README against the built packages, with `strict` and `nodenext`. */
export async function checkReadmeExamples(root: string): Promise<CheckResult> {
  const packages = readWorkspace(root).filter(({ folder }) => /^(packages|apps)\//.test(folder))
  const examples = packages.flatMap(({ folder }) => examplesIn(root, folder))
  const errors = await typeErrors(root, examples)
  const isExcepted = (readme: string) => notCompiling[readme] !== undefined
  const failing = new Set(errors.map(({ readme }) => readme))
  return {
    summary: `${examples.length} examples; READMEs excepted: ${Object.keys(notCompiling).length}`,
    problems: [
      ...errors.filter(({ readme }) => !isExcepted(readme)).map(({ text }) => text),
      ...Object.keys(notCompiling)
        .filter((readme) => !failing.has(readme))
        .map((readme) => `${readme}: its examples compile; remove it from check-readme-examples.ts`),
    ],
  }
}

/** A TypeScript block. Blank lines replace the README's lines above it, so that errors name the README's lines. */
type Example = { readme: string; code: string }

function examplesIn(root: string, folder: string): Example[] {
  const readme = `${folder}/README.md`
  if (!existsSync(join(root, readme))) return []
  const text = readFileSync(join(root, readme), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(({ index, 1: code = '' }) => {
    const above = text.slice(0, index).split('\n').length
    return { readme, code: '\n'.repeat(above) + code }
  })
}

async function typeErrors(root: string, examples: readonly Example[]) {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configFor(root)))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const [index, { code }] of examples.entries()) writeFileSync(join(folder, `${index}.ts`), code)
    return (await compile(folder)).split('\n').flatMap((line) => {
      const [, index = '', row = '', column = '', message = ''] =
        /^(\d+)\.ts\((\d+),(\d+)\): error (.*)/.exec(line) ?? []
      const readme = examples[Number(index)]?.readme
      if (index === '' || readme === undefined)
        return line.includes('error') ? [{ readme: '', text: line }] : []
      return [{ readme, text: `${readme}:${row}:${column} ${message}` }]
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function configFor(root: string): object {
  const paths: Record<string, string[]> = {}
  for (const { folder, manifest } of readWorkspace(root))
    paths[manifest.name] = [join(root, folder, 'dist/index.d.ts')]
  return {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023'],
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      paths,
    },
  }
}

/** Runs the compiler and returns its output: each error is a line. */
async function compile(folder: string): Promise<string> {
  const compiler = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder }).catch(
    (failure: unknown) => ({ stdout: outputOf(failure) }),
  )
  return stdout
}

/** The output of a compiler that exited with a code above 0 because it found errors. */
function outputOf(failure: unknown): string {
  if (failure instanceof Error && 'stdout' in failure && typeof failure.stdout === 'string')
    return failure.stdout
  throw failure
}
