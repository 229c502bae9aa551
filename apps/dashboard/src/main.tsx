import './zod-without-eval.js'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ClosedPage } from './parts/closed-page.js'
import { App } from './app.js'
import { openPageSession } from './data/session.js'
import './style.css'

const place = document.getElementById('root')
if (place) {
  const root = createRoot(place)
  openPageSession()
    .then((session) => {
      root.render(<StrictMode>{session ? <App session={session} /> : <ClosedPage why="" />}</StrictMode>)
    })
    .catch((error: unknown) => {
      root.render(<ClosedPage why={error instanceof Error ? error.message : String(error)} />)
    })
}
