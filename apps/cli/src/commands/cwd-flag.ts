import { text } from '../command/values.js'

/** The folder that a command works for, where that is not the one it is run in. */
export const cwdFlag = text('folder', 'Folder of the project (default: the current folder)').exactOptional()
