import { useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { local } from '../local.ts'

type State = 'off' | 'on' | 'refused' | 'absent'

const stateNow = (): State => {
  if (typeof Notification === 'undefined') return 'absent'
  if (Notification.permission === 'denied') return 'refused'
  return local.notifies.get() === true && Notification.permission === 'granted' ? 'on' : 'off'
}

const words: Record<State, string> = {
  off: 'Off. The inbox has everything anyway.',
  on: 'On: while this page is open but not seen, what concerns your account is shown by the browser.',
  refused: "The browser refuses them for this site. Allow them in the browser's settings, then come back.",
  absent: 'This browser has none. The inbox has everything.',
}

/** Whether the browser says what happens while the page is not looked at. */
export const NotificationsCard = () => {
  const [state, setState] = useState(stateNow)
  const toggle = async () => {
    if (state === 'on') local.notifies.set(undefined)
    else if ((await Notification.requestPermission()) === 'granted') local.notifies.set(true)
    setState(stateNow())
  }
  return (
    <Card title="Notifications of this browser">
      <p role="status" className="text-muted">
        {words[state]}
      </p>
      {(state === 'off' || state === 'on') && (
        <Button onClick={() => void toggle()} className="mt-3">
          {state === 'on' ? 'Turn them off' : 'Turn them on'}
        </Button>
      )}
    </Card>
  )
}
