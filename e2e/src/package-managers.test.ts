import { soakOnly, thorough } from '@subagent-mcp/testkit'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pinnedClaude } from './mcp-host.js'
import { shellStep } from './shell-step.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured')

/**
 * A project of one package manager. Without a network, what it installs is a folder of the project itself, or nothing. `answers`: how
 * often the user must be asked before a worktree can run its tests.
 */
type PackageManager = {
  program: readonly string[]
  files: Readonly<Record<string, string>>
  install: readonly string[]
  gate: string
  answers: 0 | 1
}

const pnpm = join(import.meta.dirname, '../../.tools/pnpm/node_modules/pnpm/bin/pnpm.mjs')

const nodeFiles = (dependency: string): PackageManager['files'] => ({
  'package.json': JSON.stringify({
    ...{ name: 'shop', version: '1.0.0', private: true },
    dependencies: { greeting: dependency },
  }),
  'vendor/package.json': '{"name":"greeting","version":"1.0.0"}',
  'vendor/index.js': "exports.greet = () => 'hello'\n",
  'test.js': "if (require('greeting').greet() !== 'hello') process.exit(1)\n",
})

const managers: Readonly<Record<string, PackageManager>> = {
  npm: {
    program: ['npm'],
    files: nodeFiles('file:vendor'),
    install: ['install', '--install-links', '--offline', '--no-audit', '--no-fund'],
    gate: 'node test.js',
    answers: 1,
  },
  pnpm: {
    program: [process.execPath, pnpm],
    files: nodeFiles('file:vendor'),
    install: ['install', '--offline'],
    gate: 'node test.js',
    answers: 1,
  },
  yarn: {
    program: [process.execPath, createRequire(import.meta.url).resolve('yarn/bin/yarn.js')],
    files: nodeFiles('file:vendor'),
    install: ['install', '--offline', '--non-interactive'],
    gate: 'node test.js',
    answers: 1,
  },
  uv: {
    program: ['uv'],
    files: {
      'pyproject.toml': '[project]\nname = "shop"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n',
      'test.py': 'import sys\nsys.exit(0 if ".venv" in sys.prefix else 1)\n',
    },
    install: ['sync', '--offline'],
    gate: '.venv/bin/python test.py',
    answers: 1,
  },
  cargo: {
    program: ['cargo'],
    files: {
      'Cargo.toml': '[package]\nname = "shop"\nversion = "1.0.0"\nedition = "2021"\n',
      'src/lib.rs': '#[test]\nfn adds() {\n    assert_eq!(1 + 1, 2);\n}\n',
    },
    install: ['generate-lockfile', '--offline'],
    gate: 'cargo test --offline',
    answers: 0,
  },
  go: {
    program: ['go'],
    files: {
      'go.mod': 'module shop\n\ngo 1.19\n',
      'shop_test.go':
        'package shop\n\nimport "testing"\n\nfunc TestAdds(t *testing.T) {\n\tif 1+1 != 2 {\n\t\tt.Fatal("no")\n\t}\n}\n',
    },
    install: ['mod', 'verify'],
    gate: 'go test ./...',
    answers: 0,
  },
}

for (const [name, manager] of Object.entries(managers)) {
  const [program = '', ...args] = manager.program
  const run = (...words: readonly string[]) =>
    spawnSync(program, [...args, ...words], { cwd: stage().home.cwd, env: stage().home.environment })
  const isThere =
    !manager.program.some((word) => word.startsWith('/') && !existsSync(word)) && isOnPath(program)
  test.skipIf(!isThere)(
    `[acceptance] a worktree of a project of ${name} runs its tests after at most one answer`,
    name === 'yarn' ? soakOnly : thorough, // npm and pnpm show the same
    async () => {
      const { cwd } = stage().home
      for (const [path, text] of Object.entries(manager.files)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true })
        writeFileSync(join(cwd, path), text)
      }
      writeFileSync(join(cwd, '.gitignore'), 'node_modules\ntarget\n.venv\n')
      const installed = run(...manager.install)
      expect([installed.status, String(installed.stderr)]).toMatchObject([0, expect.anything()])
      const git = (...words: string[]) =>
        execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words], { cwd })
      git('init', '--quiet')
      git('add', '.')
      git('commit', '--quiet', '--message', 'A shop')
      await stage().configure({ ceiling: 'full-auto' })
      if (manager.answers === 1) await stage().subagentMcp('worktrees', '--set-up', '--yes')
      const { step, said } = { step: shellStep.claude('echo done > note.txt'), said: 'It is done.' }
      stage().model.script([{ match: 'Write a note', steps: [step, { type: 'say', text: said }] }])
      const order = {
        ...pinnedClaude,
        permissions: 'full-auto',
        isolation: 'worktree',
        accept: { run: [manager.gate] },
      }
      const launched = await stage().host.call('launch_agent', { prompt: 'Write a note', ...order })
      expect(launched.text).toMatch(/^launched/)
      expect(launched.text).not.toContain('--set-up')
      const { text } = await stage().host.call('wait')
      expect(text).toContain('grade: verified')
    },
  )
}

function isOnPath(program: string): boolean {
  const PATH = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')
  return spawnSync(program, ['--version'], { env: { PATH } }).error === undefined
}
