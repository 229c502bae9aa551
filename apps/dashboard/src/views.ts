import type { PageView } from './page-view.js'
import { agentsView } from './views/agents.js'
import { machineView } from './views/machine.js'
import { mailView } from './views/mail.js'
import { permissionsView } from './views/permissions.js'
import { recapView } from './views/recap.js'
import { searchView } from './views/search.js'
import { usageView } from './views/usage.js'

/** The views, in the order of the navigation; the first one is shown at the start. */
export const pageViews: readonly [PageView, ...PageView[]] = [
  recapView,
  agentsView,
  permissionsView,
  mailView,
  usageView,
  searchView,
  machineView,
]
