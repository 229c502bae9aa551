import { existsSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname, relative, sep } from 'node:path'

/**
 * Calls `listener` when an entry of one of the folders has changed, or one of them was created or deleted, until the returned
 * function is called. Several calls may follow one change, and a system that cannot watch a folder reports no change of it.
 * Keeps no process alive.
 */
export function watchDefinitionFolders(folders: readonly string[], listener: () => void): () => void {
  let watchers: readonly FSWatcher[] = []
  let isStopped = false
  const stop = (): void => {
    for (const watcher of watchers) watcher.close()
    watchers = []
  }
  const begin = (): void => {
    stop()
    if (!isStopped)
      watchers = [...placesToWatch(folders)].flatMap(([path, names]) => watchPlace(path, names, changed))
  }
  const changed = (): void => {
    // A folder that came or went is watched, or waited for, from now on.
    begin()
    listener()
  }
  begin()
  return () => {
    isStopped = true
    stop()
  }
}

/** The existing folders to watch, each with the names of the missing folders that may be created in it, or all names. */
function placesToWatch(folders: readonly string[]): Map<string, Set<string> | 'all'> {
  const places = new Map<string, Set<string> | 'all'>()
  for (const folder of folders) {
    if (existsSync(folder)) {
      places.set(folder, 'all')
      // The deletion of a folder is reported to its parent on every system.
      addName(places, dirname(folder), basename(folder))
      continue
    }
    let place = dirname(folder)
    while (!existsSync(place) && place !== dirname(place)) place = dirname(place)
    addName(places, place, relative(place, folder).split(sep)[0] ?? '')
  }
  return places
}

function addName(places: Map<string, Set<string> | 'all'>, place: string, name: string): void {
  const names = places.get(place) ?? new Set()
  if (names === 'all') return
  names.add(name)
  places.set(place, names)
}

function watchPlace(path: string, names: Set<string> | 'all', changed: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(path, { persistent: false }, (_event, name) => {
      if (name === null || names === 'all' || names.has(name)) changed()
    })
    // For example because the folder was deleted on Windows: its parent reports that.
    watcher.on('error', () => {
      watcher.close()
    })
    return [watcher]
  } catch (cause) {
    // The folder is gone meanwhile, or the system allows no more watchers.
    if (cause instanceof Error && 'code' in cause) return []
    throw cause
  }
}
