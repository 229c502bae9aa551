import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Returns the variable that makes a worker write its exit code to a file when it exits. A daemon that did not start the process reads
 * the code there.
 */
export function exitFileVariable(path: string): NodeJS.ProcessEnv {
  return { SUBAGENT_MCP_EXIT_FILE: path }
}

/** Makes this process write its exit code, if the variable is set. Child processes do not inherit the variable. */
export function leaveExitCode(): void {
  const { SUBAGENT_MCP_EXIT_FILE: path } = process.env
  if (path === undefined) return
  delete process.env['SUBAGENT_MCP_EXIT_FILE']
  process.once('exit', (code) => {
    try {
      writeFileSync(path, `${process.pid} ${code}`, { mode: 0o600 })
    } catch {
      // Without the file the exit code is not known, so the daemon restarts the worker.
    }
  })
}

/** Reads the exit code of a process from its file; `undefined` if the process wrote none, for example because it was killed. */
export function exitCodeIn(path: string, pid: number): number | undefined {
  try {
    const [, owner, code] = /^(\d+) (\d+)$/.exec(readFileSync(path, 'utf8')) ?? []
    return Number(owner) === pid ? Number(code) : undefined
  } catch {
    return undefined // The process has not written the file.
  }
}
