import { existsSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'

/** Where the CLI says that it put a tool's output that was too large for the model, in 2.1.329: any text can say so. */
export function savedResults(output: string): readonly string[] {
  const said = /^(?:Output|Error: result|\[Binary content) .* saved to:? (.+?)[.\]]?$/gm
  return [...output.matchAll(said)].flatMap(([, path]) => path ?? [])
}

/** Removes such a file, and its folders once they are empty, if it is one: of no session that is kept. */
export function removeSavedResult(path: string, projects: string): void {
  try {
    const file = realpathSync(path)
    const [project, id = '', folder, ...rest] = relative(realpathSync(projects), file).split(sep)
    if (project === '..' || !isUuid(id) || folder !== 'tool-results' || rest.length !== 1) return
    const session = dirname(dirname(file))
    // A session that is kept has its transcript beside its folder.
    if (existsSync(`${session}.jsonl`)) return
    rmSync(file)
    rmdirSync(dirname(file))
    rmdirSync(session)
  } catch {
    // It went meanwhile, something still holds it open (Windows), or there are others in its folder.
  }
}

function isUuid(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
}
