import { z } from 'zod'
import { FileRecord } from '../file/file-record.js'
import { hosts } from '../hosts/hosts.js'

/** The options with which a host was set up, so that an update writes the same entries again. */
export const SetupChoice = z.strictObject({
  host: z.enum(hosts.map(({ id }) => id)),
  scope: z.enum(['user', 'project']),
  /** The root of the project that was set up. For the scope `user` it is where setup ran, and has no effect. */
  project: z.string(),
  hooks: z.boolean(),
  suppressNative: z.boolean(),
  /** Whether Claude Code shows our status line; absent while the user has not been asked. */
  statusLine: z.boolean().exactOptional(),
  /** Whether setup records our hooks as trusted in Codex; otherwise the user does it with `/hooks`. */
  trust: z.boolean(),
})
export type SetupChoice = z.infer<typeof SetupChoice>

/** A record of a file that a run of a command wrote, with the folder of the run's backups. */
const Written = z.strictObject({ run: z.string(), record: FileRecord })

/** Something that a command did besides writing files, as far as it can be undone. */
const RecordedAction = z.discriminatedUnion('type', [
  /** The command changed the choices; `choices` are the earlier ones. */
  z.strictObject({ type: z.literal('chose'), run: z.string(), choices: z.array(SetupChoice) }),
  /**
   * The command removed our block from a file. `left` is the hash of the bytes that stayed; without it the file was
   * removed. `records` are the earlier records of the block.
   */
  z.strictObject({
    type: z.literal('took-out'),
    run: z.string(),
    path: z.string(),
    mode: z.int(),
    backup: z.string(),
    left: z.string().exactOptional(),
    records: z.array(Written),
  }),
  /** The command replaced the release `from` by `to`; `place` names the installation, because there may be several. */
  z.strictObject({
    type: z.literal('updated'),
    run: z.string(),
    from: z.string(),
    to: z.string(),
    place: z.string(),
  }),
])
export type RecordedAction = z.infer<typeof RecordedAction>

/** The file of records: everything that was written into files of others. */
export const RecordsData = z.strictObject({
  version: z.literal(1),
  /** The written files, oldest first; undone from the end. Records of `init` are those whose `takeOut` is a block. */
  files: z.array(Written),
  choices: z.array(SetupChoice),
  /** The actions of commands besides writing files, oldest first. */
  deeds: z.array(RecordedAction),
})
export type RecordsData = z.infer<typeof RecordsData>
