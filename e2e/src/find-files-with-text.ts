import { spawnSync } from 'node:child_process'

/** The paths of the files below a folder that contain a text. grep passes by what a running CLI removes meanwhile, such as its lock files. */
export function findFilesWithText(folder: string, text: string): string[] {
  const { stdout } = spawnSync('grep', ['-rlsF', '--', text, folder], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean)
}
