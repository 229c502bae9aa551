import { openWiringState } from '../wiring/wiring-state.js'
import { fine, type Check } from './check.js'

/** Whether what setup wrote is on record still; what is wrong with the record is thrown. */
export const checkSetupRecord: Check = {
  name: 'setup record',
  run: ({ environment }) => {
    const { choices } = openWiringState(environment).read()
    const labels = new Set(choices.map(({ host }) => host))
    return [fine(labels.size === 0 ? 'nothing was set up' : `setup was told of ${[...labels].join(', ')}`)]
  },
}
