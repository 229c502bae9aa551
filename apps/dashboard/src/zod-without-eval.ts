import { z } from 'zod'

// The page's Content-Security-Policy allows no code that is made from text; zod would try to make some.
z.config({ jitless: true })
