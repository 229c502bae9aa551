import { readFileSync, writeFileSync } from 'node:fs'

/** What makes a process leave its exit code in a file: a daemon that did not start it cannot ask for it. */
export function exitFileVariable(path: string): NodeJS.ProcessEnv {
  return { SUBAGENT_MCP_EXIT_FILE: path }
}

/** Has this process do so, if it is to; what it starts is not to. */
export function leaveExitCode(): void {
  const { SUBAGENT_MCP_EXIT_FILE: path } = process.env
  if (path === undefined) return
  delete process.env['SUBAGENT_MCP_EXIT_FILE']
  process.once('exit', (code) => {
    try {
      writeFileSync(path, `${process.pid} ${code}`, { mode: 0o600 })
    } catch {
      // Nobody knows then how it ended, and it is restarted.
    }
  })
}

/** The code that a process has left there; `undefined` for none, as of one that was killed. */
export function exitCodeIn(path: string, pid: number): number | undefined {
  try {
    const [, owner, code] = /^(\d+) (\d+)$/.exec(readFileSync(path, 'utf8')) ?? []
    return Number(owner) === pid ? Number(code) : undefined
  } catch {
    return undefined // It has left none.
  }
}
