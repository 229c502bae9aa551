import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real `claude` of this workspace, a development dependency. */
export const claudePath = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin/claude')
