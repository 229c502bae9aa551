import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { AgentDefinition } from '../definition.js'
import { invalidFile } from './invalid-file.js'
import { isThere } from './missing.js'
import type { Frontmatter } from './parse-frontmatter.js'
import { readTextFile, sizeLimit } from './read-text-file.js'

type PrimeRead = Required<Pick<AgentDefinition, 'prime' | 'primeDigest'>>
type Prime = NonNullable<AgentDefinition['prime']>
type Place = { path: string; project: string } & Pick<Frontmatter, 'lineOf'>

/**
 * A prime with its files made absolute, which must be inside of the project: what they say is sent to the provider.
 * @throws SubagentError `definition-invalid` for a file that is not there, or when it is too much in all
 */
export function readPrime(prime: Prime, { path, project, lineOf }: Place): PrimeRead {
  const files = prime.files.map((file) => resolve(project, file))
  const missing = files.flatMap((file, index) => {
    if (isThere(file)) return []
    const message = `prime: there is no file ${file}`
    return [{ line: lineOf(['prime', 'files', index]), message, hint: 'paths are relative to the project' }]
  })
  if (missing.length > 0) throw invalidFile(path, missing)
  const texts = files.map((file) => readTextFile(file, project))
  const size = Buffer.byteLength([prime.prompt, ...texts].join(''))
  if (size <= sizeLimit) return { prime: { ...prime, files }, primeDigest: digestOf(texts) }
  const message = `prime: is ${size} bytes with its files, above the limit of 256 kB`
  throw invalidFile(path, [{ line: lineOf(['prime']), message, hint: 'name fewer or shorter files' }])
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}
