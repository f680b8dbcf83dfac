import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { Button } from './Button.tsx'

type Props = {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A modal dialog of the browser's own: it keeps the focus, closes with Escape, and gives the focus back. */
export const Dialog = ({ title, onClose, children }: Props) => {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Closed before it leaves the page: what is gone already gives no focus back.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault() // the page closes it, so that both agree
        onClose()
      }}
      className="m-auto w-full max-w-lg rounded-xl border border-line bg-surface p-0 text-text max-sm:max-w-[calc(100vw-1.5rem)]"
    >
      <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-4">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        <Button onClick={onClose} className="-my-1">
          Close
        </Button>
      </div>
      <div className="px-5 py-4">{children}</div>
    </dialog>
  )
}
