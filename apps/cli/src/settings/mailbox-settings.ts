import { accessSync, constants, statSync } from 'node:fs'
import { z } from 'zod'
import { resolveConfiguredPath } from './configured-path.js'

/** The storage of messages between agents, and their limits. Without `url` a file on this machine stores them. */
export const MailboxSettings = z
  .strictObject({
    // The URL is never printed, because it may contain a password.
    url: z
      .string()
      .refine(isNatsUrl, 'give nats://host:4222 or tls://host:4222, several with commas')
      .exactOptional()
      .describe(
        "NATS servers that keep agents' messages for a whole fleet, as nats://host:4222 or tls://host:4222, several with commas. Without it messages are in journal.db on this machine.",
      ),
    credentials: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The path of the .creds file to sign in to the NATS servers with.'),
    ca: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The path of the CA certificates of NATS servers that the system does not trust.'),
    namespace: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'takes lower case letters, digits and -, at most 64')
      .exactOptional()
      .describe('A name that separates fleets in one NATS account. Without it: subagent-mcp.'),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .exactOptional()
      .describe('Servers that store each message. Without it: 3 in a cluster, otherwise 1.'),
    maxKilobytes: z.number().positive().max(512).default(64).describe('How long a message may be.'),
    maxTries: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How often a message is tried before it becomes a dead letter.'),
    keepDays: z.number().positive().max(3_650).default(30).describe('How long messages are kept.'),
  })
  .superRefine(checkUrl)
export type MailboxSettings = z.infer<typeof MailboxSettings>

type ServerSettings = Partial<Pick<MailboxSettings, 'url' | 'credentials' | 'ca' | 'namespace' | 'replicas'>>

/** Reports a mistake for settings of NATS servers without the `url` of a server. */
function checkUrl(
  { url, credentials, ca, namespace, replicas }: ServerSettings,
  context: z.RefinementCtx,
): void {
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

/** Returns the mailbox settings with absolute paths: `~` is the user's home, and relative paths start in the configuration's folder. */
export function resolveMailboxPaths(
  { credentials, ca, ...settings }: MailboxSettings,
  environment: NodeJS.ProcessEnv,
): MailboxSettings {
  return {
    ...settings,
    ...(credentials !== undefined && { credentials: resolveConfiguredPath(credentials, environment) }),
    ...(ca !== undefined && { ca: resolveConfiguredPath(ca, environment) }),
  }
}

/** Returns the files of the mailbox settings that cannot be read, by the keys of their settings. */
export function findMailboxFileIssues({
  credentials,
  ca,
}: MailboxSettings): { key: string; message: string }[] {
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
