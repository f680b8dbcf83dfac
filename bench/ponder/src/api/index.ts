import { db as rows } from 'ponder:api'
import { bonded } from 'ponder:schema'
import { Hono } from 'hono'
import { count } from 'ponder'

const app = new Hono()

app.get('/count', async (context) => {
  const [found] = await rows.select({ events: count() }).from(bonded)
  return context.json({ events: found?.events ?? 0 })
})

export default app
