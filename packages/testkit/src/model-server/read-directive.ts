import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Step } from './step.js'

/** Whether a name between brackets is a directive for the model server, and not the user's own text. */
export function isDirective(name: string): boolean {
  return readers.has(name)
}

/** Reads `[[name: argument]]` as a step of the scripted model; undefined when the argument cannot be read. */
export function readDirective(name: string, argument: string): Step | undefined {
  return readers.get(name)?.(argument)
}

const readers = new Map<string, (argument: string) => Step | undefined>([
  ['say', (text) => ({ type: 'say', text })],
  ['think', (text) => ({ type: 'think', text })],
  ['tool', readTool],
  ['recall', (argument) => (argument === '' ? { type: 'recall' } : undefined)],
  ['delay', readDelay],
  ['chunks', readChunks],
  ['huge', readHuge],
  ['gate', (name) => (name === '' ? undefined : { type: 'gate', name })],
  ['hang', (argument) => (argument === '' ? { type: 'hang' } : undefined)],
  ['cut', readCut],
  ['status', readStatus],
  ['usage', readUsage],
])

function readTool(argument: string): Step | undefined {
  const [, tool, input] = /^(\S+)\s*([\s\S]*)$/.exec(argument) ?? []
  if (tool === undefined) return undefined
  try {
    return { type: 'tool', tool, input: input === '' ? {} : JSON.parse(input ?? '') }
  } catch {
    return undefined // not JSON, which is all that JSON.parse throws for
  }
}

function readDelay(argument: string): Step | undefined {
  const milliseconds = duration(argument)
  return milliseconds === undefined ? undefined : { type: 'delay', milliseconds }
}

/** Reads `20 x 50ms`, then the text to cut into pieces; without a text the pieces are numbered. */
function readChunks(argument: string): Step | undefined {
  const [, count, pause, text] = /^([1-9]\d*)\s*x\s*(\d+(?:ms|s)?)\b\s*([\s\S]*)$/.exec(argument) ?? []
  if (count === undefined || pause === undefined) return undefined
  const pieces = Number(count)
  const numbered = Array.from({ length: pieces }, (_, index) => `chunk ${index + 1} of ${pieces}\n`)
  return { type: 'say', text: text || numbered.join(''), pieces, pauseMilliseconds: duration(pause) }
}

function duration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)(ms|s)?$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * (unit === 's' ? 1000 : 1)
}

/** Reads a size as a text of numbered lines of 100 bytes. No line repeats, because gemini stops at loops. */
function readHuge(argument: string): Step | undefined {
  const [, amount, unit = ''] = /^(\d+)\s*(kB|MB)?$/.exec(argument) ?? []
  if (amount === undefined) return undefined
  const bytes = Number(amount) * (unit === 'MB' ? 1_000_000 : unit === 'kB' ? 1000 : 1)
  const lines = Array.from({ length: Math.ceil(bytes / 100) }, (_, index) => hugeLine(index))
  return { type: 'say', text: lines.join('').slice(0, bytes), pieces: Math.ceil(bytes / 16_000) }
}

function hugeLine(index: number): string {
  const noise = createHash('sha512').update(String(index)).digest('hex').slice(0, 89)
  return `${String(index).padStart(9, '0')} ${noise}\n`
}

const Count = z.coerce.number().int().nonnegative().optional()
const CutOptions = z.strictObject({ times: Count })
const StatusOptions = z.strictObject({ 'retry-after': Count, times: Count })
const UsageOptions = z.strictObject({ input: Count, cached: Count, output: Count })

function readCut(argument: string): Step | undefined {
  const options = CutOptions.safeParse(pairs(argument))
  return options.success ? { type: 'cut', times: options.data.times } : undefined
}

/** Reads `429 retry-after=1 times=2`, then the text of the error. */
function readStatus(argument: string): Step | undefined {
  const [, status, settings = '', message] =
    /^([45]\d\d)\b((?:\s+[a-z-]+=\S*)*)\s*([\s\S]*)$/.exec(argument) ?? []
  const options = StatusOptions.safeParse(pairs(settings))
  if (status === undefined || !options.success) return undefined
  const { 'retry-after': retryAfterSeconds, times } = options.data
  return { type: 'status', status: Number(status), message: message || undefined, retryAfterSeconds, times }
}

function readUsage(argument: string): Step | undefined {
  const options = UsageOptions.safeParse(pairs(argument))
  if (!options.success) return undefined
  const { input, cached, output } = options.data
  return { type: 'usage', inputTokens: input, cachedTokens: cached, outputTokens: output }
}

/** Reads `name=value name=value`. */
function pairs(text: string): Record<string, string> {
  const words = text.split(/\s+/).filter((word) => word !== '')
  return Object.fromEntries(words.map((word) => [word.replace(/=.*$/, ''), word.replace(/^[^=]*=?/, '')]))
}
