import { Hash } from '../components/Hash.tsx'

/** A hardware class: by its name where that is known. */
export const ClassName = ({ name }: { name: string }) =>
  name === 'canonical' ? (
    <span title="The canonical trainer gives the same bits on any machine">canonical</span>
  ) : (
    <Hash value={name} what="the hardware class" />
  )
