import type { Runner } from '../releases/run-words.js'
import { writeServiceFile } from './service-file.js'
import type { ServiceManager } from './service-manager.js'
import type { ServiceProgram } from './service-text.js'
import { tryWords } from './try-words.js'

/** What came of it: `lines` are for a person. */
export type Installed = {
  path: string
  file: 'written' | 'changed' | 'same'
  /** Whether the system runs it now; `by-hand` where a person is to have it do so. */
  service: 'enabled' | 'by-hand' | 'failed'
  lines: readonly string[]
}

/** Gets what is in the way of the service out of it; returns, for a person, what stays there. */
export type Before = () => Promise<string | undefined>

/**
 * Writes the file of the service, and has the system run it. Again, it changes nothing.
 * @throws SubagentError `name-taken` where there is a file that is not ours
 */
export async function installService(
  { manager, program, run }: { manager: ServiceManager; program: ServiceProgram; run: Runner },
  before: Before,
): Promise<Installed> {
  const { path, enable, look, note } = manager
  const file = writeServiceFile(path, manager.text(program))
  const written = file === 'same' ? `${path} is as it should be` : `${file} ${path}`
  const known = await tryWords([look], run)
  const isActive = known.type === 'done' && /(^|, )(active|running)/.test(manager.stateIn(known.printed))
  if (isActive && file !== 'written') {
    const renew = file === 'changed' ? [`for the change to hold: ${manager.renew}`] : []
    return { path, file, service: 'enabled', lines: [written, 'the service runs', ...renew] }
  }
  const inTheWay = await before()
  const tried = await tryWords(enable, run)
  if (tried.type === 'done')
    return { path, file, service: 'enabled', lines: [written, inTheWay ?? 'the service runs', note] }
  const words = enable.map((each) => each.join(' ')).join(' && ')
  const byHand = `to have it run: ${words}`
  return tried.type === 'missing'
    ? { path, file, service: 'by-hand', lines: [written, byHand] }
    : { path, file, service: 'failed', lines: [written, tried.why, byHand] }
}
