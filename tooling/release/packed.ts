import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const List = z.array(z.object({ name: z.string(), version: z.string(), file: z.string() }))

/** The packed packages of a release, in the order in which they are published. `file` is relative to their folder. */
export type PackedPackages = z.infer<typeof List>

/** Writes the list of the packages that are packed in a folder. */
export function writePacked(folder: string, packed: PackedPackages): void {
  writeFileSync(listIn(folder), `${JSON.stringify(packed, undefined, 2)}\n`)
}

/** Reads the list of the packages that are packed in a folder. @throws if there is none */
export function readPacked(folder: string): PackedPackages {
  const list = listIn(folder)
  try {
    return List.parse(JSON.parse(readFileSync(list, 'utf8')))
  } catch (error) {
    throw new Error(`${list} cannot be read; run first: npm run release -- pack ${folder}`, { cause: error })
  }
}

function listIn(folder: string): string {
  return join(folder, 'packages.json')
}
