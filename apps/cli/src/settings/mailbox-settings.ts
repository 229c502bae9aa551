import { accessSync, constants, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** Where agents' messages are kept, and for how long: on this machine, unless `url` names NATS servers. */
export const MailboxSettings = z
  .strictObject({
    /** Never shown: it may hold a password. */
    url: z
      .string()
      .refine(isNatsUrl, 'give nats://host:4222 or tls://host:4222, several with commas')
      .exactOptional(),
    /** A `.creds` file. */
    credentials: z.string().min(1).exactOptional(),
    /** The certificates that signed the servers' own, where the system does not know them. */
    ca: z.string().min(1).exactOptional(),
    /** Tells fleets apart that share an account. */
    namespace: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'takes lower case letters, digits and -, at most 64')
      .exactOptional(),
    /** Servers that keep each message; as the cluster needs it unless given. */
    replicas: z.int().min(1).max(5).exactOptional(),
    maxKilobytes: z.number().positive().max(512).default(64),
    maxTries: z.int().min(1).max(100).default(5),
    keepDays: z.number().positive().max(3_650).default(30),
  })
  .superRefine(checkUrl)
export type MailboxSettings = z.infer<typeof MailboxSettings>

type OfServers = Partial<Pick<MailboxSettings, 'url' | 'credentials' | 'ca' | 'namespace' | 'replicas'>>

/** What is of no use to a mailbox on this machine is a mistake: `url` was meant to be there. */
function checkUrl({ url, credentials, ca, namespace, replicas }: OfServers, context: z.RefinementCtx): void {
  if (url !== undefined) return
  for (const [key, value] of Object.entries({ credentials, ca, namespace, replicas })) {
    if (value === undefined) continue
    context.addIssue({ code: 'custom', path: [key], message: 'is for NATS servers: give url too' })
  }
}

function isNatsUrl(urls: string): boolean {
  return urls.split(',').every((text) => {
    if (!URL.canParse(text.trim())) return false
    const { protocol, hostname } = new URL(text.trim())
    return ['nats:', 'tls:'].includes(protocol) && hostname !== ''
  })
}

/** With absolute paths: `~` is the user's home, and others begin where the configuration is. */
export function withPaths(
  { credentials, ca, ...settings }: MailboxSettings,
  { home, folder }: { home: string; folder: string },
): MailboxSettings {
  const locate = (path: string): string =>
    /^~[\\/]/.test(path) ? join(home, path.slice(2)) : resolve(folder, path)
  return {
    ...settings,
    ...(credentials !== undefined && { credentials: locate(credentials) }),
    ...(ca !== undefined && { ca: locate(ca) }),
  }
}

/** What is wrong with the files that the settings name, and which of the settings does. */
export function fileProblems({ credentials, ca }: MailboxSettings): { key: string; message: string }[] {
  return Object.entries({ credentials, ca }).flatMap(([key, path]) => {
    const message = path === undefined ? undefined : fileProblem(path)
    return message === undefined ? [] : [{ key, message }]
  })
}

function fileProblem(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile() ? undefined : `${path} is no file`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return `cannot read ${path} (${code})`
  }
}
