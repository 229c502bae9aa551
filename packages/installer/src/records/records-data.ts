import { FileRecord } from '@subagent-mcp/installer'
import { z } from 'zod'
import { Choice } from './choice.js'

/** A file that we wrote. `run` is the same for all that one command did, and the name of its folder of backups. */
const Written = z.strictObject({ run: z.string(), record: FileRecord })

/** What a command did beside writing files, as far as it can be taken back. */
const Deed = z.discriminatedUnion('type', [
  /** It changed the choices, which were these before. */
  z.strictObject({ type: z.literal('chose'), run: z.string(), choices: z.array(Choice) }),
  /** It took our block out of a file and left bytes of this hash, or no file. The records of the block went with it. */
  z.strictObject({
    type: z.literal('took-out'),
    run: z.string(),
    path: z.string(),
    mode: z.int(),
    backup: z.string(),
    left: z.string().exactOptional(),
    records: z.array(Written),
  }),
  /** It put the release `to` in the place of `from`, in one of the installations that may be here. */
  z.strictObject({
    type: z.literal('updated'),
    run: z.string(),
    from: z.string(),
    to: z.string(),
    place: z.string(),
  }),
])
export type Deed = z.infer<typeof Deed>

/** What is kept of all that was written into files of others. */
export const WiringData = z.strictObject({
  version: z.literal(1),
  /** In the order of writing: undone from its end. Blocks of `init` are those whose `takeOut` is one. */
  files: z.array(Written),
  choices: z.array(Choice),
  /** The last one last. */
  deeds: z.array(Deed),
})
export type WiringData = z.infer<typeof WiringData>
