import type { Runner } from '../releases/run-words.js'
import { hasServiceFile, removeServiceFile } from './service-file.js'
import type { ServiceManager } from './service-manager.js'
import { tryWords } from './try-words.js'

/** What came of it, in words too. */
export type Uninstalled = { removed: boolean; lines: readonly string[] }

/** Ends the service, and removes its file. @throws SubagentError `name-taken` for a file that is not ours */
export async function uninstallService(manager: ServiceManager, run: Runner): Promise<Uninstalled> {
  const { path, disable, forget } = manager
  if (!hasServiceFile(path))
    return { removed: false, lines: [`no service is installed: there is no ${path}`] }
  const ended = await tryWords(disable, run)
  removeServiceFile(path)
  await tryWords(forget, run)
  const trouble = ended.type === 'failed' ? [`the system did not end it: ${ended.why}`] : []
  return { removed: true, lines: [`removed ${path}`, ...trouble] }
}
