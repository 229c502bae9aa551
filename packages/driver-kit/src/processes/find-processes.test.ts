import { expect, test } from 'vitest'
import { groupStarter } from '../children.test.support.js'
import { processesWithVariable } from './find-processes.js'

const startGroup = groupStarter()

test.skipIf(process.platform === 'win32')(
  'processes are found by a variable that they were started with',
  async () => {
    const value = `/home/${process.pid}/a.exit`
    const one = startGroup(['sleep', '1000'], { PLACE: value })
    startGroup(['sleep', '1000'], { PLACE: `${value}2`, OTHER: value })
    await expect.poll(() => processesWithVariable('PLACE', value)).toEqual([one])
  },
)
