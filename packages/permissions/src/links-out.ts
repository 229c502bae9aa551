import { isBelow, type Place } from './place.js'

/** Where that many names were looked at, the rest is not. */
const mostNames = 2_000

/** Whether a link in a folder, at any depth, leads out of the agent's folder, or may. */
export function leadsOut(folder: string, place: Place): boolean {
  const ahead = [folder]
  let looked = 0
  for (const inside of ahead) {
    for (const name of place.names(inside)) {
      looked += 1
      if (looked > mostNames) return true
      const path = `${inside}/${name}`
      const real = place.realPath(path)
      if (real === path) ahead.push(path)
      else if (!isBelow(real, place.cwd)) return true
    }
  }
  return false
}
